import type { OrthancId } from "../dicom/uid.js";
import type { OrderRow } from "../emr/records.js";
import type { MessageKind } from "../outbox/message.js";
import type { StudyRecord } from "../state/records.js";
import type { FhirServer } from "./fhir-server.js";
import { FirstWrites } from "./first-writes.js";
import { ImagingResources, type ImagingSources } from "./imaging-resources.js";
import { SYSTEM } from "./system.js";
import { Transaction } from "./transaction.js";
import { withdraw, withdrawAnalysis, withdrawStudy } from "./withdraw.js";

export type SubjectKind = Exclude<MessageKind, "audit" | "event">;

/** Writes studies, analyses and the EMR's records to the FHIR server as they are now. */
export class FhirDestination {
  private readonly firstWrites: FirstWrites;

  constructor(
    private readonly server: FhirServer,
    private readonly sources: ImagingSources,
  ) {
    this.firstWrites = new FirstWrites(server);
  }

  /** All of them in one transaction; of those that are gone, what the server has is withdrawn. */
  async write(
    subjects: readonly { readonly kind: SubjectKind; readonly subject: string }[],
    signal?: AbortSignal,
  ) {
    const transaction = new Transaction();
    const resources = new ImagingResources(transaction, this.sources);
    const studyInstanceUids: (string | null)[] = [];
    for (const { kind, subject } of subjects)
      studyInstanceUids.push(await this.add(resources, kind, subject));
    // After all that is there: what is written anew is not withdrawn.
    for (const { kind, subject } of subjects) await this.withdraw(transaction, kind, subject);
    if (transaction.empty) return { resources: [], studyInstanceUids };
    await this.firstWrites.ensure(transaction, signal);
    const response = await this.server.transaction(transaction.bundle(), signal);
    return { resources: transaction.resources(response), studyInstanceUids };
  }

  async studyInstanceUid(kind: SubjectKind, subject: string): Promise<string | null> {
    if (kind === "study") return (await this.study(subject))?.studyInstanceUid ?? null;
    if (kind === "analysis") return (await this.studyOfAnalysis(subject))?.studyInstanceUid ?? null;
    return null;
  }

  /** @returns the Study Instance UID of a study or analysis */
  private async add(resources: ImagingResources, kind: SubjectKind, subject: string): Promise<string | null> {
    const { emr, read } = this.sources;
    const { records } = resources;
    switch (kind) {
      case "study": {
        const study = await this.study(subject);
        if (study !== null) await resources.study(study);
        return study?.studyInstanceUid ?? null;
      }
      case "analysis": {
        const analysis = await read.analysis(Number(subject));
        const study = await this.studyOfAnalysis(subject);
        if (analysis !== null && study !== null) await resources.analysis(analysis, study);
        return study?.studyInstanceUid ?? null;
      }
      case "patient":
        await there(emr.patient(subject), (row) => records.patient(row));
        return null;
      case "encounter":
        await there(emr.encounter(subject), (row) => records.encounter(row));
        return null;
      case "condition":
        await there(emr.condition(subject), (row) => records.condition(row));
        return null;
      case "order":
        await there(emr.order(subject), (row) => records.order(row));
        return null;
      case "observation":
        await there(emr.observation(subject), (row) => records.observation(row));
        return null;
      case "report":
        await there(emr.report(subject), async (row) => {
          const studies = await this.studiesOf(row.studyInstanceUids, row.patientId);
          const references: string[] = [];
          for (const study of studies) references.push((await resources.study(study)).imagingStudy);
          return records.report(row, references);
        });
        return null;
    }
  }

  private async withdraw(transaction: Transaction, kind: SubjectKind, subject: string): Promise<void> {
    const { server } = this;
    if (kind === "study" && (await this.study(subject)) === null)
      await withdrawStudy(transaction, server, subject);
    if (kind === "analysis") await withdrawAnalysis(transaction, server, subject);
    if (kind === "order") await this.withdrawOfOrder(transaction, await this.sources.emr.order(subject));
  }

  /** Drugs taken off a prescription, and a procedure that was not performed after all. */
  private async withdrawOfOrder(transaction: Transaction, order: OrderRow | null): Promise<void> {
    if (order?.kind === "medication")
      await withdraw(transaction, this.server, ["MedicationRequest"], SYSTEM.prescription, order.id);
    if (order?.kind === "procedure" && order.performedAt === null)
      await withdraw(transaction, this.server, ["Procedure"], SYSTEM.record, order.id);
  }

  private study(id: string): Promise<StudyRecord | null> {
    return this.sources.read.study(id as OrthancId);
  }

  private async studyOfAnalysis(id: string): Promise<StudyRecord | null> {
    const { read } = this.sources;
    const analysis = await read.analysis(Number(id));
    const series = analysis && (await read.series(analysis.seriesId));
    return series && read.study(series.studyId);
  }

  /** The patient's own studies of those UIDs: another patient may have the same. */
  private async studiesOf(studyInstanceUids: readonly string[], patientId: string): Promise<StudyRecord[]> {
    const { emr, read } = this.sources;
    const studies: StudyRecord[] = [];
    for (const uid of studyInstanceUids)
      for (const study of await read.studiesByUid(uid))
        if ((await emr.patientOfStudy(study.orthancId))?.id === patientId) studies.push(study);
    return studies;
  }
}

async function there<Row>(found: Promise<Row | null>, put: (row: Row) => Promise<unknown>): Promise<void> {
  const row = await found;
  if (row !== null) await put(row);
}
