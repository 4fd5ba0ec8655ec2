import type { ImagingStudy } from "fhir/r4.js";
import type { FhirServer } from "./fhir-server.js";
import { SYSTEM } from "./system.js";
import type { Identified, Transaction } from "./transaction.js";

/**
 * What becomes of a resource whose subject is gone. The archive may forget a study that was no error: it is not
 * available any more, `cancelled`. A result that was withdrawn should not have been.
 */
const WITHDRAWN = {
  ImagingStudy: "cancelled",
  DiagnosticReport: "entered-in-error",
  Observation: "entered-in-error",
  Procedure: "entered-in-error",
  MedicationRequest: "entered-in-error",
} as const;

type Withdrawable = keyof typeof WITHDRAWN;

/** Puts into the transaction, with its new status, whatever the server has by the identifier and is not written anew. */
export async function withdraw(
  transaction: Transaction,
  server: FhirServer,
  types: readonly Withdrawable[],
  system: string,
  value: string,
): Promise<void> {
  for (const type of types) {
    for (const found of await server.search(type, { identifier: `${system}|${value}` })) {
      if (found.resourceType !== type || found.id === undefined) continue;
      if (found.status === WITHDRAWN[type] && !("series" in found)) continue;
      const changed = { ...found, id: found.id, status: WITHDRAWN[type] };
      // Nothing is retrieved there any more.
      if ("endpoint" in changed) delete changed.endpoint;
      if (changed.resourceType === "ImagingStudy") withoutSeries(changed);
      transaction.change(changed as Identified & { readonly id: string });
    }
  }
}

/** What the archive has of it is nothing, however much it was told last. */
function withoutSeries(study: ImagingStudy): void {
  delete study.series;
  study.numberOfSeries = 0;
  study.numberOfInstances = 0;
}

/** The archive has the study no more. */
export function withdrawStudy(transaction: Transaction, server: FhirServer, studyId: string): Promise<void> {
  return withdraw(transaction, server, ["ImagingStudy"], SYSTEM.study, studyId);
}

/** What an analysis said and does not say any more: all of it, or the segments that its newest result has not. */
export function withdrawAnalysis(
  transaction: Transaction,
  server: FhirServer,
  analysisId: string,
): Promise<void> {
  const types = ["DiagnosticReport", "Observation"] as const;
  return withdraw(transaction, server, types, SYSTEM.analysisNumber, analysisId);
}
