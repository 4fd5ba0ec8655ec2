import { Router, type Response } from "express";
import { recordFirst } from "../audit/audit-api.js";
import { allow, insistOnUnrestricted, principalOf } from "../authorization/allow.js";
import { parseBody } from "../authorization/parse-body.js";
import type { TokenVerifier } from "../authorization/access-token.js";
import { z } from "zod";
import { noteForAudit } from "../audit/audit-request.js";
import { ApiError } from "../error-response.js";
import type { EmrStore } from "./emr-store.js";
import type { IdentityStore } from "./identity-store.js";
import { mergePatients, readMerge, undoMerge } from "./merge-patients.js";
import { cursorOf, readCursor } from "./record-search.js";
import { resolveIdentity } from "./resolve-identity.js";
import type { PatientRow } from "./records.js";
import { id as recordId } from "./content/text.js";

export const worklistPage = z.strictObject({
  state: z.enum(["open", "resolved"]).default("open"),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(64).optional(),
});

/** Merges and the identity worklist, for those who have `resolve-identity` and reach everybody. */
export function identityRoutes(store: EmrStore, identity: IdentityStore, tokens: TokenVerifier): Router {
  const router = Router();
  const guard = [allow(tokens, "resolve-identity"), insistOnUnrestricted];

  router.get("/patients/:id/merges", ...guard, async (request, response) => {
    const patient = await store.patient(idIn(request.params["id"], "no-such-record"));
    if (patient === null) throw new ApiError(404, "no-such-record", "There is no such record.");
    notePatient(response, patient);
    response.json({ merges: await store.merges(patient.id) });
  });

  router.post("/merges", ...guard, async (request, response) => {
    const asked = readMerge(request.body);
    const merged = await store.patient(asked.mergedId);
    await recordFirst(response, {
      target: `patient:${asked.mergedId}:merged`,
      ...(merged === null ? {} : patientFacts(merged)),
    });
    const merge = await mergePatients(principalOf(response), asked, store);
    noteForAudit(response, { target: `merge:${merge.id}` });
    response.status(201).json(merge);
  });

  router.post("/merges/:id/undo", ...guard, async (request, response) => {
    const id = idIn(request.params["id"], "no-such-merge");
    await recordFirst(response, {});
    response.json(await undoMerge(principalOf(response), id, request.body, store));
  });

  router.get("/identity-worklist", ...guard, async (request, response) => {
    const { state, limit, cursor } = parseBody(worklistPage, request.query);
    const { items, next } = await identity.list(state, limit, readCursor(cursor));
    response.json({ items, next: next === null ? null : cursorOf(next) });
  });

  router.post("/identity-worklist/:id/resolve", ...guard, async (request, response) => {
    const id = idIn(request.params["id"], "no-such-identity-item");
    await recordFirst(response, {});
    response.json(await resolveIdentity(principalOf(response), id, request.body, { store, identity }));
  });
  return router;
}

function idIn(text: unknown, code: string): string {
  const parsed = recordId.safeParse(text);
  if (!parsed.success) throw new ApiError(404, code, "There is no such thing.");
  return parsed.data;
}

function notePatient(response: Response, patient: PatientRow): void {
  noteForAudit(response, patientFacts(patient));
}

function patientFacts({ identifiers: [primary] }: PatientRow) {
  return { patient: { issuerOfPatientId: primary?.issuer ?? "", patientId: primary?.value ?? "" } };
}
