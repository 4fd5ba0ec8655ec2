import { patientKeyOf } from "../dicom/patient-key.js";
import type { EmrReads } from "../emr/emr-reads.js";
import type { ChartOutcome, KnownCharts } from "./known-charts.js";
import type { OpenEmrApi, OpenEmrPatient } from "./openemr-api.js";
import { contradictions, patientBody, patientDigest, publicIdOf } from "./patient-body.js";

const PAGE = 200;
/** Rows that go while pages are read move those behind them forward: pages overlap by so many. */
const OVERLAP = 20;
/** A change may become visible later than its time says; so much is read again each time. */
const LOOK_BACK_MILLISECONDS = 120_000;

export interface PullDependencies {
  readonly api: Pick<OpenEmrApi, "patientPage">;
  readonly known: KnownCharts;
  readonly emr: Pick<EmrReads, "patient">;
  /** The EMR patient with this identifier, by its key. */
  readonly patientIdByKey: (patientKey: string) => Promise<string | null>;
  readonly issuer: string;
}

/**
 * Fetches the patients changed in OpenEMR since the last time. OpenEMR's API takes no "changed since" (its `date`
 * parameter is passed over), so its list is read newest first until it is older than the cursor; where the server does
 * not keep to that order, all of it is. Read twice is changed once: rows are told apart by what is in them, which makes
 * equal times, restarts and two readers harmless.
 * @returns how many were new or changed
 */
export async function pullPatients(dependencies: PullDependencies): Promise<number> {
  const { api, known } = dependencies;
  const began = new Date();
  const cursor = await known.cursor();
  const from = cursor === null ? "" : lookBack(cursor);
  let newest = cursor ?? "";
  let isOrdered = true;
  let changed = 0;
  for (let offset = 0; ; offset += PAGE - OVERLAP) {
    const page = await api.patientPage({ offset, limit: PAGE });
    const dates = page.map(({ date }) => date);
    isOrdered &&= dates.every(
      (date, index) => date !== "" && (index === 0 || date <= (dates[index - 1] ?? "")),
    );
    newest = dates.reduce((one, other) => (other > one ? other : one), newest);
    changed += await keep(page, dependencies);
    if (page.length < PAGE || (isOrdered && (dates.at(-1) ?? "") < from)) break;
  }
  // Only when all of it has been read: a reader that is killed begins again where it began.
  await known.keep([], newest === "" ? null : newest);
  await known.complete(began);
  return changed;
}

async function keep(page: readonly OpenEmrPatient[], dependencies: PullDependencies): Promise<number> {
  const { known } = dependencies;
  const before = await known.digests(page.map(({ uuid }) => uuid));
  const fresh = page.filter((patient) => before.get(patient.uuid) !== patientDigest(patient));
  const charts = await Promise.all(
    fresh.map(async (patient) => ({
      patient,
      digest: patientDigest(patient),
      ...(await standing(patient, dependencies)),
    })),
  );
  await known.keep(charts, null);
  return fresh.length;
}

/** By the rule of issuer and id; nobody is guessed by name. */
async function standing(
  patient: OpenEmrPatient,
  { emr, patientIdByKey, issuer }: PullDependencies,
): Promise<{ patientKey: string | null; outcome: ChartOutcome; differing: string[] }> {
  if (patient.pubpid === "") return { patientKey: null, outcome: "unknown-here", differing: [] };
  const patientKey = patientKeyOf({ issuerOfPatientId: issuer, patientId: patient.pubpid });
  const id = await patientIdByKey(patientKey);
  const ours = id === null ? null : await emr.patient(id);
  const pubpid = ours && publicIdOf(ours, issuer);
  if (ours === null || pubpid === null || ours.birthDate === null)
    return { patientKey, outcome: "unknown-here", differing: [] };
  const differing = contradictions(patientBody(ours, pubpid), patient);
  return { patientKey, outcome: differing.length > 0 ? "contradicts" : "agrees", differing };
}

/** `YYYY-MM-DD HH:MM:SS`, in whatever zone: only differences count. */
function lookBack(cursor: string): string {
  const instant = Date.parse(`${cursor.replace(" ", "T")}Z`);
  if (!Number.isFinite(instant)) return "";
  return new Date(instant - LOOK_BACK_MILLISECONDS).toISOString().slice(0, 19).replace("T", " ");
}
