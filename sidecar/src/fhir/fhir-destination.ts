import type { OrthancId } from "../dicom/uid.js";
import type { MessageKind } from "../outbox/message.js";
import type { AnalysisRow, StudyRecord } from "../state/records.js";
import type { SeriesDetails, StateReads } from "../state/state.js";
import { diagnosticReport, volumeObservation, type AnalysisSubject } from "./analysis-resources.js";
import type { FhirServer } from "./fhir-server.js";
import { imagingStudyOf } from "./imaging-study.js";
import { patientOf } from "./patient.js";
import { SYSTEM } from "./system.js";
import { Transaction } from "./transaction.js";

interface Subject {
  readonly study: StudyRecord;
  readonly series: SeriesDetails[];
  readonly analysis?: AnalysisRow;
}

export type SubjectKind = Extract<MessageKind, "study" | "analysis">;

/** Writes studies and analyses to the FHIR server as they are now. */
export class FhirDestination {
  constructor(
    private readonly server: FhirServer,
    private readonly read: StateReads,
    private readonly modelTitle: (name: string, version: string) => string,
  ) {}

  /** All of them in one transaction; those that are gone are passed over. */
  async write(
    subjects: readonly { readonly kind: SubjectKind; readonly subject: string }[],
    signal?: AbortSignal,
  ) {
    const transaction = new Transaction();
    const studyInstanceUids: (string | null)[] = [];
    for (const { kind, subject } of subjects) {
      const found = await this.find(kind, subject);
      if (found !== null) this.add(transaction, found);
      studyInstanceUids.push(found?.study.studyInstanceUid ?? null);
    }
    if (transaction.empty) return { resources: [], studyInstanceUids };
    const response = await this.server.transaction(transaction.bundle(), signal);
    return { resources: transaction.resources(response), studyInstanceUids };
  }

  private add(transaction: Transaction, { study, series, analysis }: Subject): void {
    const patientReference = transaction.put(patientOf(study), SYSTEM.patientKey, {
      kind: "patient",
      subject: study.patientKey,
    });
    const imagingStudyReference = transaction.put(
      imagingStudyOf(study, series, patientReference),
      SYSTEM.study,
      {
        kind: "study",
        subject: study.orthancId,
      },
    );
    if (analysis?.result == null) return;
    const source = series.find(({ orthancId }) => orthancId === analysis.seriesId);
    this.addAnalysis(transaction, {
      analysis,
      result: analysis.result,
      study,
      sourceSeriesInstanceUid: source?.seriesInstanceUid ?? "",
      modelTitle: this.modelTitle(analysis.modelName, analysis.modelVersion),
      patientReference,
      imagingStudyReference,
    });
  }

  async studyInstanceUid(kind: SubjectKind, id: string): Promise<string | null> {
    return (await this.find(kind, id))?.study.studyInstanceUid ?? null;
  }

  private addAnalysis(transaction: Transaction, subject: AnalysisSubject): void {
    const key = String(subject.analysis.id);
    const observations = subject.result.segments.map((segment) =>
      transaction.put(volumeObservation(subject, segment), SYSTEM.analysis, {
        kind: "analysis",
        subject: `${key}.${segment.number}`,
      }),
    );
    transaction.put(diagnosticReport(subject, observations), SYSTEM.analysis, {
      kind: "analysis",
      subject: key,
    });
  }

  private async find(kind: SubjectKind, id: string): Promise<Subject | null> {
    if (kind === "study") {
      const study = await this.read.study(id as OrthancId);
      return study && { study, series: await this.read.seriesOfStudy(study.orthancId) };
    }
    const analysis = await this.read.analysis(Number(id));
    const source = analysis && (await this.read.series(analysis.seriesId));
    const study = source && (await this.read.study(source.studyId));
    return analysis && study && { study, series: await this.read.seriesOfStudy(study.orthancId), analysis };
  }
}
