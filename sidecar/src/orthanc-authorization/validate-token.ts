import { z } from "zod";
import { decide } from "../authorization/decide.js";
import type { StudyAccess } from "../authorization/study-access.js";
import type { StudyFacts } from "../authorization/study-directory.js";
import { isOrthancId } from "../dicom/uid.js";
import type { Bearer } from "./presented-token.js";
import type { DecisionRecord } from "./record-decision.js";
import { validityOf } from "./validity.js";

/** What the plugin asks of `tokens/validate`. Fields it leaves out are as good as empty. */
export const validateSchema = z.object({
  method: z.enum(["get", "post", "put", "delete"]),
  level: z.enum(["patient", "study", "series", "instance", "system"]),
  "orthanc-id": z.string().default(""),
  "dicom-uid": z.string().default(""),
  uri: z.string().default(""),
  labels: z.array(z.string()).optional(),
});
export type ValidateRequest = z.output<typeof validateSchema>;

export interface TokenVerdict {
  readonly granted: boolean;
  /** Seconds; a denial that is kept would outlast the grant that follows. */
  readonly validity: number;
}

const DENIED: TokenVerdict = { granted: false, validity: 1 };

/**
 * May the bearer do this to this resource? The plugin asks when permissions and labels have not settled it.
 *
 * `post` comes with every search and retrieval (the plugin's own `tools/find`), so it is answered as `get`; what a POST
 * may really do is guarded by lua-scripts/authorization-filter.lua. Nobody deletes or changes by a token of a resource.
 */
export async function validateToken(
  bearer: Bearer,
  request: ValidateRequest,
  access: StudyAccess,
  record: DecisionRecord,
): Promise<TokenVerdict> {
  if (bearer.kind === "service") return { granted: true, validity: 1 };
  if (bearer.kind === "nobody" || request.method === "put" || request.method === "delete") return DENIED;
  const study = await studyOf(request, access);
  if (study === null) return DENIED;
  // Orthanc ≥ 1.12 keeps labels of its own; the plugin tells them, and for its questions they are the study's labels too.
  const facts = { ...study, labels: [...new Set([...study.labels, ...(request.labels ?? [])])] };
  const { principal } = bearer;
  const { granted } = decide(principal, "view", [facts]);
  await record({ principal, permission: "view", studyInstanceUid: study.studyInstanceUid, granted });
  return granted ? { granted, validity: validityOf(principal) } : DENIED;
}

/** Of a whole patient and of the system nothing is said here: that is for permissions. */
async function studyOf(request: ValidateRequest, access: StudyAccess): Promise<StudyFacts | null> {
  const { level } = request;
  const orthancId = request["orthanc-id"];
  if (level === "patient" || level === "system") return null;
  if (isOrthancId(orthancId)) return access.studyInOrthanc(level, orthancId);
  if (level !== "study") return null;
  const studies = await access.studiesOf(request["dicom-uid"]);
  return studies.length === 1 ? (studies[0] ?? null) : null;
}
