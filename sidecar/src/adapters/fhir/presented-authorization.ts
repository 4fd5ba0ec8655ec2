/** What a request to the FHIR server shows. */
export interface FhirAuthorization {
  /** Value of the Authorization header; undefined for none. @throws FhirError when none can be had */
  header(): Promise<string | undefined>;
  /** The server answered 401 to this header. @returns whether another may be taken */
  refused(header: string | undefined): boolean;
}
