import { fetchAuthorized, HttpProblem, problemOf } from "../session/http.js";
import type { TokenProvider } from "../session/token-provider.js";

type Attributes = Readonly<Record<string, { readonly Value?: readonly unknown[] }>>;

/**
 * SOP Instance UIDs that the server has of a study, as far as the reader may see them.
 *
 * @param patientId only this patient's: another's may have the same UIDs
 */
export async function storedInstances(
  studyInstanceUid: string,
  patientId: string,
  provider: TokenProvider,
): Promise<ReadonlySet<string>> {
  const path = `/dicom-web/studies/${studyInstanceUid}/instances?includefield=00100020`;
  const response = await fetchAuthorized(path, provider, { headers: { Accept: "application/dicom+json" } });
  if (response.status === 204) return new Set();
  if (!response.ok) {
    const problem: HttpProblem = await problemOf(response);
    // Who may send is not always somebody who may look.
    if (problem.status === 403 || problem.status === 404) return new Set();
    throw problem;
  }
  const instances = (await response.json()) as readonly Attributes[];
  return new Set(
    instances
      .filter((attributes) => first(attributes, "00100020") === patientId)
      .map((attributes) => first(attributes, "00080018")),
  );
}

function first(attributes: Attributes, tag: string): string {
  const value = attributes[tag]?.Value?.[0];
  return typeof value === "string" ? value.trim() : "";
}
