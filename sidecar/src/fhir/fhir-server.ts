import type { Bundle, FhirResource } from "fhir/r4.js";

/** What is asked of a FHIR R4 server. */
export interface FhirServer {
  /** Runs a transaction bundle; answers its response bundle. @throws FhirError */
  transaction(bundle: Bundle): Promise<Bundle>;
  /** null when there is no such resource (any more). @throws FhirError */
  read(resourceType: string, id: string): Promise<FhirResource | null>;
}

/** The server refused or did not answer. */
export class FhirError extends Error {
  override readonly name = "FhirError";
  constructor(
    readonly code: "fhir-unavailable" | "fhir-busy" | "fhir-refused",
    readonly retryable: boolean,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
