import { createHash } from "node:crypto";
import { patientKeyOf } from "../dicom/patient-key.js";
import { patientContent } from "../emr/content/patient-content.js";
import type { EmrStore, EmrTransaction } from "../emr/emr-store.js";
import { afterWriting } from "../emr/kind-rules.js";
import { contentOf } from "../emr/record-content.js";
import type { PatientContent, PatientRow } from "../emr/records.js";
import type { SynchronisationReads } from "../outbox/synchronisation.js";
import { admitChart, OPENEMR, type AdmissionDependencies, type Standing } from "./admit-chart.js";
import { contradicting, followChart } from "./chart-content.js";
import type { KnownCharts, SettledChart } from "./known-charts.js";
import type { OpenEmrApi, OpenEmrPatient } from "./openemr-api.js";
import type { OpenEmrLinks } from "./openemr-links.js";
import { patientDigest } from "./patient-body.js";

export interface ChartDependencies extends AdmissionDependencies {
  readonly api: Pick<OpenEmrApi, "patient">;
  readonly known: Pick<KnownCharts, "patientIdByKey">;
  readonly links: OpenEmrLinks;
  readonly emr: Pick<EmrStore, "transaction" | "patient">;
  readonly synchronised: SynchronisationReads;
}

const REASONS = { DOB: "birth-date-differs", sex: "sex-differs" } as const;
const AGREES: Standing = { outcome: "agrees", differing: [] };
const LATER: Standing = { outcome: "agrees", differing: [], due: true };

/**
 * Brings a chart that is new or changed in OpenEMR into our records, by the rule of issuer and id: who is unknown here
 * becomes a record; a record that was not changed here since follows; whatever contradicts is asked of a person.
 */
export async function settleChart(
  read: OpenEmrPatient,
  dependencies: ChartDependencies,
): Promise<SettledChart> {
  const { known, emr, issuer } = dependencies;
  const settled = (patient: OpenEmrPatient, patientKey: string | null, { due, ...standing }: Standing) => ({
    patient,
    patientKey,
    ...standing,
    digest: due === true ? "" : patientDigest(patient),
  });
  if (read.pubpid === "") return settled(read, null, { outcome: "unknown-here", differing: [] });
  const patientKey = patientKeyOf({ issuerOfPatientId: issuer, patientId: read.pubpid });
  const id = await known.patientIdByKey(patientKey);
  const ours = id === null ? null : await emr.patient(id);
  if (ours === null) {
    const admitted = await admitChart(read, dependencies);
    return settled(read, patientKey, admitted === "taken" ? LATER : admitted);
  }
  // The survivor is not this chart's; OpenEMR merges by hand.
  if (ours.mergedInto !== null) return settled(read, patientKey, { outcome: "unknown-here", differing: [] });
  const isAsDelivered = await hasNothingToTell(ours, dependencies);
  // Read after our record: whatever of it has been delivered is in there.
  const chart = await dependencies.api.patient(read.uuid);
  if (chart?.pubpid !== read.pubpid) return settled(read, patientKey, LATER);
  return settled(chart, patientKey, await follow(chart, ours, isAsDelivered, dependencies));
}

/** Whether OpenEMR has had our record as it is: `undefined` while that is being brought about. */
async function hasNothingToTell(
  { id, updatedBy }: PatientRow,
  { synchronised }: ChartDependencies,
): Promise<boolean | undefined> {
  const found = (await synchronised.synchronisation("patient", [id])).get(id) ?? [];
  const state = found.find(({ destination }) => destination === "openemr")?.state;
  if (state === "waiting") return undefined;
  return state === "synchronised" || (state === undefined && updatedBy.subject === OPENEMR.subject);
}

async function follow(
  chart: OpenEmrPatient,
  ours: PatientRow,
  isAsDelivered: boolean | undefined,
  { emr, links }: ChartDependencies,
): Promise<Standing> {
  const differing = contradicting(contentOf<"patient">(ours), chart);
  const digest = patientDigest(chart);
  const link = await links.find("patient", ours.id);
  const isLinked = link?.state === "linked" && link.key === chart.uuid;
  // After a write that failed, the link says what was found there instead.
  const isOurWriting = isLinked && link.digest === digest && isAsDelivered === true;
  if (isAsDelivered === undefined && differing.length === 0) return LATER;
  const standing = await emr.transaction(async (transaction): Promise<Standing> => {
    const row = await transaction.lock("patient", ours.id);
    if (row?.version !== ours.version) return LATER;
    const content = contentOf<"patient">(row);
    const wanted = patientContent.safeParse(followChart(content, chart));
    const isSame =
      wanted.success && JSON.stringify(wanted.data) === JSON.stringify(patientContent.parse(content));
    if (differing.length === 0 && (isSame || isOurWriting)) {
      await transaction.chartQuestions.settle(chart.uuid);
      return AGREES;
    }
    const facts = factsOf(digest, content);
    const question = await transaction.chartQuestions.of(chart.uuid);
    const decision = question?.facts === facts ? question.resolution : null;
    if (wanted.success && (decision === "link" || (differing.length === 0 && isAsDelivered === true))) {
      await write(row, wanted.data, decision === "link", transaction);
      await transaction.chartQuestions.settle(chart.uuid);
      return AGREES;
    }
    if (decision !== "reject")
      await transaction.chartQuestions.ask(chart.uuid, {
        reasons: reasonsOf(differing, wanted.success),
        candidates: [ours.id],
        facts,
      });
    return { outcome: "contradicts", differing: differing.length > 0 ? differing : ["changed-here-too"] };
  });
  // What OpenEMR has now is what our next write starts from.
  if (standing === AGREES && isLinked && !isOurWriting)
    await links.linked("patient", ours.id, { key: chart.uuid, pid: chart.pid, digest });
  return standing;
}

/** A person's decision is told to OpenEMR too: it ends what failed there. Else nothing comes back as an echo. */
async function write(
  row: PatientRow,
  content: PatientContent,
  isDecided: boolean,
  transaction: EmrTransaction,
): Promise<void> {
  const changed = await transaction.update("patient", row, content, OPENEMR);
  await afterWriting("patient", changed, transaction, () => Promise.resolve(false));
  await transaction.announce("patient", row.id, row.id, isDecided ? undefined : OPENEMR.subject);
}

function reasonsOf(differing: readonly ("DOB" | "sex")[], isReadable: boolean): string[] {
  if (differing.length > 0) return differing.map((member) => REASONS[member]);
  return [isReadable ? "changed-here-too" : "not-a-record-here"];
}

function factsOf(digest: string, content: PatientContent): string {
  return createHash("sha256")
    .update(JSON.stringify([digest, content]))
    .digest("hex");
}
