import { randomUUID } from "node:crypto";
import type { Bundle, BundleEntry, DiagnosticReport, ImagingStudy, Observation, Patient } from "fhir/r4.js";
import type { FhirResourceKey } from "../state/state.js";

type Identified = Patient | ImagingStudy | Observation | DiagnosticReport;
type Written = Pick<FhirResourceKey, "kind" | "subject">;

/** Collects resources that are written together, each found again by an identifier (conditional update). */
export class Transaction {
  private readonly entries: BundleEntry[] = [];
  private readonly written: Written[] = [];

  /**
   * @param system of the identifier it is found again by
   * @returns the reference by which other resources of the bundle point to it
   */
  put(resource: Identified, system: string, written: Written): string {
    const identifier = resource.identifier?.find((candidate) => candidate.system === system);
    if (identifier?.value === undefined) throw new TypeError(`a ${resource.resourceType} without identifier`);
    const fullUrl = `urn:uuid:${randomUUID()}`;
    const condition = encodeURIComponent(`${system}|${identifier.value}`);
    this.entries.push({
      fullUrl,
      resource,
      request: { method: "PUT", url: `${resource.resourceType}?identifier=${condition}` },
    });
    this.written.push(written);
    return fullUrl;
  }

  bundle(): Bundle {
    return { resourceType: "Bundle", type: "transaction", entry: this.entries };
  }

  /** What the server's answer says was written where. */
  resources(response: Bundle): FhirResourceKey[] {
    return this.written.map((written, index) => {
      const resourceType = this.entries[index]?.resource?.resourceType ?? "";
      const location = response.entry?.[index]?.response?.location ?? "";
      const resourceId = new RegExp(`(?:^|/)${resourceType}/([A-Za-z0-9.-]{1,64})(?:/|$)`).exec(
        location,
      )?.[1];
      if (resourceId === undefined)
        throw new Error(`the FHIR server did not say where it wrote the ${resourceType}`);
      return { ...written, resourceType, resourceId };
    });
  }
}
