import type { EmrReads } from "./emr-reads.js";

/** An installation that keeps no records of an EMR: images and results only. */
export const WITHOUT_RECORDS: EmrReads = {
  patient: () => Promise.resolve(null),
  encounter: () => Promise.resolve(null),
  condition: () => Promise.resolve(null),
  order: () => Promise.resolve(null),
  observation: () => Promise.resolve(null),
  report: () => Promise.resolve(null),
  mergedPatients: () => Promise.resolve([]),
  patientOfStudy: () => Promise.resolve(null),
  ordersOfStudy: () => Promise.resolve([]),
  studiesOfOrder: () => Promise.resolve([]),
};
