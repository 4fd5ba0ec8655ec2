import { z } from "zod";
import { decide, decideWithoutStudy } from "../authorization/decide.js";
import { isUnrestricted, type Principal } from "../authorization/principal.js";
import type { StudyAccess } from "../authorization/study-access.js";
import type { StudyFacts } from "../authorization/study-directory.js";
import { orthancAction, type OrthancAction } from "./orthanc-routes.js";
import type { DecisionRecord, OrthancDecision } from "./record-decision.js";
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
  record: DecisionRecord,
): Promise<boolean> {
  const action = orthancAction(method, uri);
  for (const bearer of bearers) {
    if (bearer.kind === "service") return true;
    if (bearer.kind === "nobody" || action === undefined) continue;
    const decision = await decideAction(bearer.principal, action, access);
    await record(decision);
    if (decision.granted) return true;
  }
  return false;
}

async function decideAction(
  principal: Principal,
  { permission, on }: OrthancAction,
  access: StudyAccess,
): Promise<OrthancDecision> {
  const studies = await studiesOf(on, access);
  const [study] = studies;
  const early = decideWithoutStudy(principal, permission);
  const granted =
    early === undefined
      ? permission !== "administer-archive" && decide(principal, permission, studies).granted
      : early.granted && (on !== "archive" || isUnrestricted(principal));
  return { principal, permission, studyInstanceUid: study?.studyInstanceUid ?? null, granted };
}

/** None for what is about more than one study: that is for those who reach all. */
async function studiesOf(on: OrthancAction["on"], access: StudyAccess): Promise<readonly StudyFacts[]> {
  if (on === "archive") return [];
  if ("studyInstanceUid" in on) return access.studiesOf(on.studyInstanceUid);
  if (on.level === "patient") return [];
  const study = await access.studyInOrthanc(on.level, on.orthancId);
  return study === null ? [] : [study];
}
