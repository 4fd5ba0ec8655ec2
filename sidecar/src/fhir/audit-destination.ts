import type { Bundle } from "fhir/r4.js";
import type { SealedRecord } from "../audit/chain.js";
import { auditEventOf } from "./audit-event.js";
import { FhirError, type FhirServer } from "./fhir-server.js";
import { SYSTEM } from "./system.js";

export interface SealedRecords {
  /** Those of the places that are still there. */
  between(first: number, last: number): Promise<SealedRecord[]>;
}

/** Writes sealed audit rows to the FHIR server; a message names their places, `first-last`. */
export class AuditDestination {
  constructor(
    private readonly server: FhirServer,
    private readonly records: SealedRecords,
    private readonly site: string,
  ) {}

  async write(subject: string, signal?: AbortSignal): Promise<void> {
    const [, first, last] = /^(\d{1,15})-(\d{1,15})$/.exec(subject) ?? [];
    const records = await this.records.between(Number(first), Number(last));
    // Removed by retention before FHIR took them.
    if (records.length === 0) return;
    const answer = await this.server.transaction(batchOf(records, this.site), signal);
    const statuses = (answer.entry ?? []).map(({ response }) => Number.parseInt(response?.status ?? "", 10));
    if (statuses.length !== records.length)
      throw new FhirError("fhir-busy", true, "the FHIR server did not answer every entry");
    for (const status of statuses) {
      if (status >= 200 && status < 300) continue;
      const passes = !(status >= 400 && status < 500) || status === 408 || status === 429;
      throw new FhirError(
        passes ? "fhir-busy" : "fhir-refused",
        passes,
        `the FHIR server answered HTTP ${status} to an AuditEvent`,
      );
    }
  }
}

/** Each created unless it is there (FHIR R4 3.1.0.8.1, conditional create): a repeated delivery adds nothing. */
function batchOf(records: readonly SealedRecord[], site: string): Bundle {
  return {
    resourceType: "Bundle",
    type: "batch",
    entry: records.map((record) => ({
      resource: auditEventOf(record, site),
      request: {
        method: "POST",
        url: "AuditEvent",
        ifNoneExist: `_tag=${encodeURIComponent(`${SYSTEM.auditHash}|${record.hash}`)}`,
      },
    })),
  };
}
