import { randomUUID } from "node:crypto";
import type { Bundle, BundleEntry, DiagnosticReport, ImagingStudy, Observation, Patient } from "fhir/r4.js";
import { FhirError } from "./fhir-server.js";
import type { FhirResourceKey } from "../state/state.js";

type Identified = Patient | ImagingStudy | Observation | DiagnosticReport;
type Written = Pick<FhirResourceKey, "kind" | "subject">;

/**
 * Collects resources that are written together, each found again by an identifier (conditional update). One that is put
 * twice is written once, as it was put last: identities in a transaction must not overlap (FHIR R4 3.1.0.11.2).
 */
export class Transaction {
  private readonly entries = new Map<string, BundleEntry & { readonly fullUrl: string }>();
  private readonly written = new Map<string, Written>();

  /**
   * @param system of the identifier it is found again by
   * @returns the reference by which other resources of the bundle point to it
   */
  put(resource: Identified, system: string, written: Written): string {
    const identifier = resource.identifier?.find((candidate) => candidate.system === system);
    if (identifier?.value === undefined) throw new TypeError(`a ${resource.resourceType} without identifier`);
    const condition = encodeURIComponent(`${system}|${identifier.value}`);
    const url = `${resource.resourceType}?identifier=${condition}`;
    const fullUrl = this.entries.get(url)?.fullUrl ?? `urn:uuid:${randomUUID()}`;
    this.entries.set(url, { fullUrl, resource, request: { method: "PUT", url } });
    this.written.set(url, written);
    return fullUrl;
  }

  get empty(): boolean {
    return this.entries.size === 0;
  }

  bundle(): Bundle {
    return { resourceType: "Bundle", type: "transaction", entry: [...this.entries.values()] };
  }

  /** What the server's answer says was written where. */
  resources(response: Bundle): FhirResourceKey[] {
    return [...this.entries].map(([url, { resource }], index) => {
      const written = this.written.get(url);
      const resourceType = resource?.resourceType ?? "";
      const location = response.entry?.[index]?.response?.location ?? "";
      const resourceId = new RegExp(`(?:^|/)${resourceType}/([A-Za-z0-9.-]{1,64})(?:/|$)`).exec(
        location,
      )?.[1];
      if (resourceId === undefined || written === undefined)
        throw new FhirError(
          "fhir-fault",
          true,
          `the FHIR server did not say where it wrote the ${resourceType}`,
        );
      return { ...written, resourceType, resourceId };
    });
  }
}
