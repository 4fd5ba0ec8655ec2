import type { MessageKind } from "../outbox/message.js";

/** Which resource of the FHIR server stands for what. */
export interface FhirResourceKey {
  readonly kind: Exclude<MessageKind, "audit">;
  readonly subject: string;
  readonly resourceType: string;
  readonly resourceId: string;
}
