import { randomUUID } from "node:crypto";
import type { Bundle, BundleEntry, FhirResource, Identifier, Meta } from "fhir/r4.js";
import type { FhirResourceKey } from "../state/fhir-resource-key.js";
import { FhirError } from "./fhir-server.js";

type Written = Pick<FhirResourceKey, "kind" | "subject">;
/** A resource that can be found again by an identifier. */
export type Identified = Extract<FhirResource, { identifier?: Identifier[] | undefined }>;

/**
 * Collects resources that are written together, each found again by an identifier (conditional update). One that is put
 * twice is written once, as it was put last: identities in a transaction must not overlap (FHIR R4 3.1.0.11.2).
 */
export class Transaction {
  private readonly entries = new Map<string, BundleEntry>();
  private readonly written = new Map<string, Written>();
  /** Of resources that the server has, by their own address. */
  private readonly changes = new Set<string>();
  private readonly references = new Map<string, string>();

  /**
   * @param system of the identifier it is found again by
   * @param written what the resource stands for; null when it is of nobody, such as a Practitioner
   * @returns the reference by which other resources of the bundle point to it
   */
  put(resource: Identified, system: string, written: Written | null): string {
    const identifier = resource.identifier?.find((candidate) => candidate.system === system);
    if (identifier?.value === undefined) throw new TypeError(`a ${resource.resourceType} without identifier`);
    const url = conditionOf(resource.resourceType, system, identifier.value);
    const fullUrl = this.referenceTo(resource.resourceType, system, identifier.value);
    this.entries.set(url, { fullUrl, resource, request: { method: "PUT", url } });
    if (written !== null) this.written.set(url, written);
    return fullUrl;
  }

  /** The reference to what is put, or will be: two patients of a merge point to each other. */
  referenceTo(resourceType: Identified["resourceType"], system: string, value: string): string {
    const url = conditionOf(resourceType, system, value);
    const reference = this.references.get(url) ?? `urn:uuid:${randomUUID()}`;
    this.references.set(url, reference);
    return reference;
  }

  has(resourceType: Identified["resourceType"], system: string, value: string): boolean {
    return this.entries.has(conditionOf(resourceType, system, value));
  }

  /** Writes a resource that the server has, unless the transaction writes it already. */
  change(resource: Identified & { readonly id: string; readonly meta?: Meta | undefined }): void {
    if (
      resource.identifier?.some(({ system, value }) =>
        this.has(resource.resourceType, system ?? "", value ?? ""),
      )
    )
      return;
    const url = `${resource.resourceType}/${resource.id}`;
    const version = resource.meta?.versionId;
    this.changes.add(url);
    this.entries.set(url, {
      fullUrl: `urn:uuid:${randomUUID()}`,
      resource,
      request: { method: "PUT", url, ...(version === undefined ? {} : { ifMatch: `W/"${version}"` }) },
    });
  }

  /** Entries of resources that are of nobody, but those already known. They point to nothing else of the bundle. */
  shared(known: ReadonlySet<string>): BundleEntry[] {
    return [...this.entries]
      .filter(([url]) => !this.written.has(url) && !this.changes.has(url) && !known.has(url))
      .map(([, entry]) => entry);
  }

  get empty(): boolean {
    return this.entries.size === 0;
  }

  bundle(): Bundle {
    return { resourceType: "Bundle", type: "transaction", entry: [...this.entries.values()] };
  }

  /** What the server's answer says was written where. */
  resources(response: Bundle): FhirResourceKey[] {
    return [...this.entries].flatMap(([url, { resource }], index) => {
      const written = this.written.get(url);
      if (written === undefined) return [];
      const resourceType = resource?.resourceType ?? "";
      const location = response.entry?.[index]?.response?.location ?? "";
      const resourceId = new RegExp(`(?:^|/)${resourceType}/([A-Za-z0-9.-]{1,64})(?:/|$)`).exec(
        location,
      )?.[1];
      if (resourceId === undefined)
        throw new FhirError(
          "fhir-fault",
          true,
          `the FHIR server did not say where it wrote the ${resourceType}`,
        );
      return [{ ...written, resourceType, resourceId }];
    });
  }
}

function conditionOf(resourceType: string, system: string, value: string): string {
  return `${resourceType}?identifier=${encodeURIComponent(`${system}|${value}`)}`;
}
