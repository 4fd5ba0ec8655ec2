import { patientKeyOf } from "../dicom/patient-key.js";
import type { PatientRow } from "../emr/records.js";
import type { DestinationStates } from "../outbox/destination-states.js";
import { chartContent, type ChartContent } from "./chart-content.js";
import type { KnownCharts } from "./known-charts.js";
import { publicIdOf } from "./patient-body.js";

/** A copy that missed so many fetches is stale. */
const FETCHES_MISSED = 3;
/** What fetching may take. */
const FETCH_SECONDS = 30;

/** What OpenEMR said of a patient when it was asked last. */
export interface OpenEmrCopy {
  /** ISO 8601: the copy is what OpenEMR had then; null: it was never read. */
  readonly readAt: string | null;
  readonly ageSeconds: number | null;
  /** OpenEMR may have something else by now: it was not read when it should have been, or is away. */
  readonly stale: boolean;
  /** Delivery finds that it does not answer. */
  readonly away: boolean;
  /** With this patient's identifier: none, one, or several that a person has to look at. */
  readonly charts: readonly (ChartContent & {
    readonly uuid: string;
    /** OpenEMR's local time. */
    readonly changedAt: string;
    /** Members that contradict the record here, OpenEMR's names of them. */
    readonly contradicts: readonly string[];
  })[];
}

export interface CopyDependencies {
  readonly known: Pick<KnownCharts, "byPatientKeys" | "completeAsOf">;
  readonly states: Pick<DestinationStates, "states">;
  readonly issuer: string;
  /** 0: OpenEMR is never read. */
  readonly pullSeconds: number;
}

/** The copies of these patients, by id; of who is no patient of OpenEMR's, none. OpenEMR itself is not asked. */
export async function patientCopies(
  patients: readonly PatientRow[],
  { known, states, issuer, pullSeconds }: CopyDependencies,
  now: number = Date.now(),
): Promise<Map<string, OpenEmrCopy>> {
  const keys = new Map<string, string>();
  for (const patient of patients) {
    const patientId = publicIdOf(patient, issuer);
    if (patientId !== null) keys.set(patient.id, patientKeyOf({ issuerOfPatientId: issuer, patientId }));
  }
  if (keys.size === 0) return new Map();
  const [found, asOf, destinations] = await Promise.all([
    known.byPatientKeys([...keys.values()]),
    known.completeAsOf(),
    states.states(),
  ]);
  const breaker = destinations.find(({ destination }) => destination === "openemr")?.breaker;
  const away = breaker === "open" || breaker === "half-open";
  const ageSeconds = asOf === null ? null : Math.max(0, Math.round((now - asOf.getTime()) / 1_000));
  const oldestSeconds = pullSeconds === 0 ? 0 : FETCHES_MISSED * pullSeconds + FETCH_SECONDS;
  const stale = away || ageSeconds === null || ageSeconds > oldestSeconds;
  const copyOf = (key: string): OpenEmrCopy => ({
    readAt: asOf?.toISOString() ?? null,
    ageSeconds,
    stale,
    away,
    charts: found
      .filter(({ patientKey }) => patientKey === key)
      .map(({ patient, differing }) => ({
        uuid: patient.uuid,
        changedAt: patient.date,
        ...chartContent(patient),
        contradicts: differing,
      })),
  });
  return new Map([...keys].map(([id, key]) => [id, copyOf(key)]));
}
