/** Which resource of the FHIR server stands for what. */
export interface FhirResourceKey {
  readonly kind: "study" | "analysis" | "patient";
  readonly subject: string;
  readonly resourceType: string;
  readonly resourceId: string;
}
