import type { OrthancId } from "../dicom/uid.js";
import type { OutboxMessage } from "../outbox/outbox-store.js";
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

type SubjectKind = Exclude<OutboxMessage["kind"], "audit">;

/** Writes studies and analyses to the FHIR server as they are now. */
export class FhirDestination {
  constructor(
    private readonly server: FhirServer,
    private readonly read: StateReads,
    private readonly modelTitle: (name: string, version: string) => string,
  ) {}

  async write(kind: SubjectKind, id: string) {
    const subject = await this.find(kind, id);
    if (subject === null) return null;
    const { study, series, analysis } = subject;
    const transaction = new Transaction();
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
    if (analysis?.result != null) {
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
    const response = await this.server.transaction(transaction.bundle());
    return { resources: transaction.resources(response), studyInstanceUid: study.studyInstanceUid };
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
