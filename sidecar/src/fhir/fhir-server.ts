import type { Bundle, FhirResource } from "fhir/r4.js";
import type { DeliveryFault } from "../outbox/delivery-fault.js";

/** What is asked of a FHIR R4 server. */
export interface FhirServer {
  /** Runs a transaction bundle; answers its response bundle. @throws FhirError */
  transaction(bundle: Bundle, signal?: AbortSignal): Promise<Bundle>;
  /** null when there is no such resource (any more). @throws FhirError */
  read(resourceType: string, id: string): Promise<FhirResource | null>;
}

export type FhirErrorCode =
  /** No answer, or one of a gateway before the server. */
  | "fhir-unavailable"
  /** It asks for time. */
  | "fhir-busy"
  /** It failed, or its answer cannot be read. */
  | "fhir-fault"
  /** It does not take our credentials. */
  | "fhir-unauthorized"
  /** There is no FHIR server at the address. */
  | "fhir-misaddressed"
  | "fhir-conflict"
  | "fhir-forbidden"
  | "fhir-gone"
  | "fhir-ambiguous"
  | "fhir-refused"
  /** We do not write this kind of thing. */
  | "fhir-unmapped";

/** The server refused or did not answer. */
export class FhirError extends Error implements DeliveryFault {
  override readonly name = "FhirError";
  readonly concerns: DeliveryFault["concerns"];
  declare readonly retryAfterMilliseconds?: number;
  declare readonly outcome?: string;

  constructor(
    readonly code: FhirErrorCode,
    readonly retryable: boolean,
    message: string,
    {
      cause,
      concerns = "message",
      ...rest
    }: ErrorOptions & Partial<Omit<DeliveryFault, "code" | "retryable">> = {},
  ) {
    super(message, cause === undefined ? {} : { cause });
    this.concerns = concerns;
    Object.assign(this, rest);
  }
}
