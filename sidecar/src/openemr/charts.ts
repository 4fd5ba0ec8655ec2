import type { PatientRow } from "../emr/records.js";
import { createOnce } from "./create-once.js";
import type { KnownCharts } from "./known-charts.js";
import type { OpenEmrApi, OpenEmrPatient, PatientBody, PatientKeys } from "./openemr-api.js";
import { OpenEmrError } from "./openemr-error.js";
import type { OpenEmrLinks } from "./openemr-links.js";
import { contradictions, differingMembers, patientBody, patientDigest, publicIdOf } from "./patient-body.js";

export interface ChartDependencies {
  readonly api: OpenEmrApi;
  readonly links: OpenEmrLinks;
  readonly known: Pick<KnownCharts, "byPatientKey">;
  /** Assigning authority of OpenEMR's pubpid. */
  readonly issuer: string;
}

/**
 * Brings a patient to OpenEMR: a chart with the same public identifier is theirs, where nothing that names the person
 * contradicts; else one is made.
 * @returns null for who is no patient of OpenEMR's
 */
export async function writeChart(
  patient: PatientRow,
  dependencies: ChartDependencies,
): Promise<PatientKeys | null> {
  const { api, links, issuer } = dependencies;
  const pubpid = publicIdOf(patient, issuer);
  if (pubpid === null) return null;
  const link = await links.find("patient", patient.id);
  const isOurs = link?.state === "linked" && link.key !== null && link.pid !== null;
  if (patient.status === "entered-in-error" || patient.mergedInto !== null) {
    if (!isOurs) return null;
    throw new OpenEmrError(
      "openemr-refused",
      "OpenEMR's API withdraws and merges no patients: do it in OpenEMR, then drop the message",
    );
  }
  const body = patientBody(patient, pubpid);
  if (isOurs) {
    const keys = { uuid: link.key, pid: link.pid };
    await update(patient.id, keys, body, link.digest, dependencies);
    return keys;
  }
  const existing = await findChart(patient, body, dependencies);
  if (existing !== null && link === null) {
    await links.linked("patient", patient.id, keysOf(existing, patientDigest(existing)));
    await update(patient.id, existing, body, patientDigest(existing), dependencies);
    return existing;
  }
  const created = await createOnce(
    {
      kind: "patient",
      subject: patient.id,
      find: async () => {
        const found = await findChart(patient, body, dependencies);
        return found === null ? "none" : keysOf(found, patientDigest(found));
      },
      create: async () => {
        const keys = await api.createPatient(body);
        const written = await api.patient(keys.uuid).catch(() => null);
        return keysOf(keys, patientDigest(written ?? body));
      },
    },
    links,
  );
  return { uuid: created.key, pid: created.pid ?? "" };
}

function keysOf({ uuid, pid }: PatientKeys, digest: string) {
  return { key: uuid, pid, digest };
}

/** What was changed in OpenEMR since our last write is not written over: a person decides, once. */
async function update(
  subject: string,
  { uuid, pid }: PatientKeys,
  body: PatientBody,
  digestAfterLastWrite: string | null,
  { api, links }: ChartDependencies,
): Promise<void> {
  const now = await api.patient(uuid);
  if (now === null)
    throw new OpenEmrError("openemr-identity-conflict", "OpenEMR has no such patient any more");
  refuseContradiction(body, now);
  const digest = patientDigest(now);
  const differing = differingMembers(body, now);
  if (differing.length === 0) return links.linked("patient", subject, keysOf({ uuid, pid }, digest));
  if (digestAfterLastWrite !== null && digest !== digestAfterLastWrite) {
    // What OpenEMR has now is what the next attempt, which a person asks for, starts from.
    await links.linked("patient", subject, keysOf({ uuid, pid }, digest));
    throw new OpenEmrError(
      "openemr-identity-conflict",
      `changed in OpenEMR meanwhile: ${differing.join(", ")}; replay the message to write ours over it`,
    );
  }
  await api.updatePatient(uuid, body);
  const written = await api.patient(uuid);
  await links.linked("patient", subject, keysOf({ uuid, pid }, patientDigest(written ?? body)));
}

async function findChart(
  patient: PatientRow,
  body: PatientBody,
  { api, known }: ChartDependencies,
): Promise<OpenEmrPatient | null> {
  const kept = await known.byPatientKey(patient.patientKey);
  const fetched = await Promise.all(kept.map((chart) => api.patient(chart.patient.uuid)));
  const candidates = [
    ...fetched.filter((chart) => chart !== null),
    ...(await api.findPatients({ lname: body.lname, DOB: body.DOB })),
  ].filter(({ pubpid }) => pubpid === body.pubpid);
  const charts = new Map(candidates.map((chart) => [chart.uuid, chart]));
  const [chart] = charts.values();
  if (chart === undefined) return null;
  if (charts.size > 1)
    throw new OpenEmrError("openemr-identity-conflict", "OpenEMR has two charts with this public identifier");
  refuseContradiction(body, chart);
  return chart;
}

function refuseContradiction(body: PatientBody, chart: OpenEmrPatient): void {
  const members = contradictions(body, chart);
  if (members.length > 0)
    throw new OpenEmrError(
      "openemr-identity-conflict",
      `OpenEMR's chart with this public identifier contradicts in ${members.join(", ")}`,
    );
}
