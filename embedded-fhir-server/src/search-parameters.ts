import { badRequest, getSearchParameter, OperationOutcomeError, type SearchRequest } from "@medplum/core";

/** Search parameters of every resource that Medplum matches without a definition. */
const BUILT_IN = new Set(["_id", "_lastUpdated", "_tag", "_profile", "_source", "_security"]);

/**
 * A parameter nobody knows would match every resource: a conditional update would then overwrite a
 * stranger's. R4 leaves refusing to the server (https://hl7.org/fhir/R4/search.html#errors).
 *
 * @throws OperationOutcomeError 400, naming the parameter
 */
export function requireKnownSearchParameters(request: SearchRequest): void {
  const types = request.types ?? [request.resourceType];
  for (const { code } of request.filters ?? []) {
    const isKnown = types.every((type) => BUILT_IN.has(code) || getSearchParameter(type, code) !== undefined);
    if (!isKnown) throw new OperationOutcomeError(badRequest(`Unknown search parameter: ${code}`, code));
  }
}
