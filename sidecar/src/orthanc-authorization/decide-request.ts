import { z } from "zod";
import { decide, decideWithoutStudy } from "../authorization/decide.js";
import { isUnrestricted, type Principal } from "../authorization/principal.js";
import type { StudyAccess } from "../authorization/study-access.js";
import { orthancAction } from "./orthanc-routes.js";
import type { Bearer } from "./presented-token.js";

/** What `lua-scripts/authorization-filter.lua` asks about a request that does not come from this program or nginx. */
export const decideSchema = z.object({
  method: z.string().max(16),
  uri: z.string().max(4_096),
  tokens: z.array(z.object({ key: z.string(), value: z.string().max(16_384) })).max(8),
});

/**
 * May somebody with one of these tokens do this? The plugin's verdicts, for an Orthanc that has no plugin: any token may
 * grant. The filter does not see queries, so what names no study is for those who reach all.
 */
export async function decideRequest(
  bearers: readonly Bearer[],
  method: string,
  uri: string,
  access: StudyAccess,
): Promise<boolean> {
  for (const bearer of bearers) {
    if (bearer.kind === "service") return true;
    if (bearer.kind === "principal" && (await mayDo(bearer.principal, method, uri, access))) return true;
  }
  return false;
}

async function mayDo(
  principal: Principal,
  method: string,
  uri: string,
  access: StudyAccess,
): Promise<boolean> {
  const action = orthancAction(method, uri);
  if (action === undefined) return false;
  const { permission, on } = action;
  const early = decideWithoutStudy(principal, permission);
  if (early !== undefined) return early.granted && (on !== "archive" || isUnrestricted(principal));
  if (on === "archive" || permission === "administer-archive") return false;
  if ("studyInstanceUid" in on)
    return (await access.decide(principal, permission, on.studyInstanceUid)).granted;
  if (on.level === "patient") return false;
  const study = await access.directory.byOrthancId(on.level, on.orthancId);
  return study !== null && decide(principal, permission, [study]).granted;
}
