import { fetchJson } from "../session/http.js";
import type { TokenProvider } from "../session/token-provider.js";
import type { StudyDetails } from "./study.js";

/** @throws HttpProblem 404 `study-not-found`, also for one out of reach */
export function loadStudy(study: string, token: TokenProvider): Promise<StudyDetails> {
  return fetchJson<StudyDetails>(`/api/studies/${encodeURIComponent(study)}`, token);
}

/** The FHIR resources that came of a study, as the FHIR server has them now. */
export async function loadFhirResources(
  study: string,
  token: TokenProvider,
): Promise<Record<string, unknown>[]> {
  const answer = await fetchJson<{ resources: Record<string, unknown>[] }>(
    `/api/studies/${encodeURIComponent(study)}/fhir`,
    token,
  );
  return answer.resources;
}
