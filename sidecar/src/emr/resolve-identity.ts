import { z } from "zod";
import { parseBody } from "../authorization/parse-body.js";
import type { Principal } from "../authorization/principal.js";
import { ApiError } from "../error-response.js";
import { id as recordId, line } from "./content/text.js";
import type { EmrStore } from "./emr-store.js";
import type { IdentityItem, IdentityStore } from "./identity-store.js";
import { actorOf } from "./record-access.js";

const comment = line(1_000);
export const resolution = z.discriminatedUnion("action", [
  z.strictObject({ action: z.literal("link"), patientId: recordId, comment }),
  z.strictObject({ action: z.literal("reject"), comment }),
  z.strictObject({ action: z.literal("correct"), comment }),
]);

/**
 * A person decides: `link` the study to one of the candidates, `reject` every one of them (or, of two records: they are
 * two persons), or `correct`: what was wrong has been put right where it stands, look again. Of another EMR's chart,
 * `link` takes over what it says.
 * @throws ApiError 400, 404 `no-such-identity-item`, 409 `identity-item-resolved`, 422 `not-a-candidate`
 */
export async function resolveIdentity(
  principal: Principal,
  itemId: string,
  body: unknown,
  { store, identity }: { readonly store: EmrStore; readonly identity: IdentityStore },
): Promise<IdentityItem> {
  const asked = parseBody(resolution, body);
  const actor = actorOf(principal);
  const patientId = asked.action === "link" ? asked.patientId : null;
  if (patientId !== null) await demandLinkable(patientId, store);
  await identity.transaction(async (transaction) => {
    const found = await transaction.lockItem(itemId);
    if (found === null) throw new ApiError(404, "no-such-identity-item", "There is no such item.");
    const { item, studyId } = found;
    if (item.state !== "open")
      throw new ApiError(409, "identity-item-resolved", "Somebody has resolved it already.");
    const isLinked = studyId !== null || item.kind === "chart";
    if (patientId !== null && !(isLinked && item.candidates.includes(patientId)))
      throw new ApiError(
        422,
        "not-a-candidate",
        "The item is not about this patient; two records are merged.",
      );
    if (studyId !== null) {
      if (asked.action === "correct") await transaction.reopenStudy(studyId);
      else await transaction.decideStudy(studyId, patientId, actor);
    }
    if (item.kind === "chart") await transaction.reconsiderChart(itemId);
    await transaction.resolveItem(itemId, asked.action, patientId, asked.comment, actor);
  });
  const resolved = await identity.item(itemId);
  if (resolved === null) throw new ApiError(404, "no-such-identity-item", "There is no such item.");
  return resolved;
}

async function demandLinkable(patientId: string, store: EmrStore): Promise<void> {
  const patient = await store.patient(patientId);
  if (patient === null || patient.mergedInto !== null || patient.status === "entered-in-error")
    throw new ApiError(422, "not-a-candidate", "This patient's record does not stand.");
}
