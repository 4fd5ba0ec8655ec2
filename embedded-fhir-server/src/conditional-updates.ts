import { badRequest, multipleMatches, OperationOutcomeError, parseSearchRequest } from "@medplum/core";
import type { FhirRepository } from "@medplum/fhir-router";
import type { Bundle } from "@medplum/fhirtypes";

/**
 * Turns each conditional update of a transaction (`PUT Patient?identifier=…`) into an update of the
 * resource it means, found or new. The router does this too, but takes no more than 8 entries then,
 * for a database's sake; here one request writes at a time.
 *
 * https://hl7.org/fhir/R4/http.html#trules
 *
 * @throws OperationOutcomeError 412 when a search finds several, 400 when an id contradicts the one found
 */
export async function resolveConditionalUpdates(bundle: Bundle, repository: FhirRepository): Promise<Bundle> {
  const entry = [];
  for (const item of bundle.entry ?? []) {
    const { request, resource } = item;
    if (request?.method !== "PUT" || !request.url.includes("?") || resource === undefined) {
      entry.push(item);
      continue;
    }
    const search = parseSearchRequest(request.url);
    const [found, other] = await repository.searchResources({ ...search, count: 2, offset: 0 });
    if (other !== undefined) throw new OperationOutcomeError(multipleMatches);
    if (resource.id !== undefined && resource.id !== found?.id) {
      throw new OperationOutcomeError(
        badRequest("The id is not that of the resource found", `${resource.resourceType}.id`),
      );
    }
    const id = found?.id ?? repository.generateId();
    entry.push({
      ...item,
      resource: { ...resource, id },
      request: { ...request, url: `${search.resourceType}/${id}` },
    });
  }
  return { ...bundle, entry };
}
