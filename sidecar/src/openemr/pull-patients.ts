import type { KnownCharts, SettledChart } from "./known-charts.js";
import type { OpenEmrApi, OpenEmrPatient } from "./openemr-api.js";
import { patientDigest } from "./patient-body.js";

const PAGE = 200;
/** Rows that go while pages are read move those behind them forward: pages overlap by so many. */
const OVERLAP = 20;
/** A change may become visible later than its time says; so much is read again each time. */
const LOOK_BACK_MILLISECONDS = 120_000;

export interface PullDependencies {
  readonly api: Pick<OpenEmrApi, "patientPage" | "patient">;
  readonly known: KnownCharts;
  /** Brings a new or changed chart into our records, or says why not. */
  readonly settle: (chart: OpenEmrPatient) => Promise<SettledChart>;
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
  await lookAgain(dependencies);
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

/** Charts that a person has decided about, or that were in our own hands when they were read. */
async function lookAgain({ api, known, settle }: PullDependencies): Promise<void> {
  for (const uuid of await known.due(PAGE)) {
    const chart = await api.patient(uuid);
    if (chart === null) await known.forget(uuid);
    else await known.keep([await settle(chart)], null);
  }
}

/** One after the other: each may become a record, and a reader that is killed leaves those before it settled. */
async function keep(page: readonly OpenEmrPatient[], { known, settle }: PullDependencies): Promise<number> {
  const before = await known.digests(page.map(({ uuid }) => uuid));
  const fresh = page.filter((patient) => before.get(patient.uuid) !== patientDigest(patient));
  for (const patient of fresh) await known.keep([await settle(patient)], null);
  return fresh.length;
}

/** `YYYY-MM-DD HH:MM:SS`, in whatever zone: only differences count. */
function lookBack(cursor: string): string {
  const instant = Date.parse(`${cursor.replace(" ", "T")}Z`);
  if (!Number.isFinite(instant)) return "";
  return new Date(instant - LOOK_BACK_MILLISECONDS).toISOString().slice(0, 19).replace("T", " ");
}
