import type { EmrReads } from "../emr/emr-reads.js";
import type { AnalysisRow, StudyRecord } from "../state/records.js";
import type { StateReads } from "../state/state.js";
import { diagnosticReport, volumeObservation, type AnalysisSubject } from "./analysis-resources.js";
import { deviceOf } from "./device.js";
import { endpointOf } from "./endpoint.js";
import { imagingStudyOf } from "./imaging-study.js";
import { patientOf } from "./patient.js";
import { RecordResources } from "./record-resources.js";
import { SYSTEM } from "./system.js";
import type { Transaction } from "./transaction.js";

export interface ImagingSources {
  readonly read: Pick<StateReads, "study" | "studiesByUid" | "seriesOfStudy" | "series" | "analysis">;
  readonly emr: EmrReads;
  /** The model's title, for people. */
  readonly modelTitle: (name: string, version: string) => string;
  /** Address of nginx; undefined: nobody is told where the images are. */
  readonly publicUrl: string | undefined;
}

/** Puts studies and analyses into a transaction, each after what it points to. */
export class ImagingResources {
  readonly records: RecordResources;

  constructor(
    private readonly transaction: Transaction,
    private readonly sources: ImagingSources,
  ) {
    this.records = new RecordResources(transaction, sources.emr);
  }

  async study(study: StudyRecord): Promise<{ readonly patient: string; readonly imagingStudy: string }> {
    const { transaction, sources } = this;
    const patient = await this.patientOf(study);
    const orders: string[] = [];
    for (const order of await sources.emr.ordersOfStudy(study.orthancId)) {
      const reference = await this.records.order(order);
      if (reference !== undefined) orders.push(reference);
    }
    const endpoint =
      sources.publicUrl === undefined
        ? undefined
        : transaction.put(endpointOf(sources.publicUrl), SYSTEM.endpoint, null);
    const series = await sources.read.seriesOfStudy(study.orthancId);
    const imagingStudy = transaction.put(
      imagingStudyOf(study, series, { patient, endpoint, orders }),
      SYSTEM.study,
      { kind: "study", subject: study.orthancId },
    );
    return { patient, imagingStudy };
  }

  async analysis(analysis: AnalysisRow, study: StudyRecord): Promise<void> {
    const { transaction, sources } = this;
    const { patient, imagingStudy } = await this.study(study);
    if (analysis.result === null) return;
    const { modelName: name, modelVersion: version, result } = analysis;
    const source = await sources.read.series(analysis.seriesId);
    const title = sources.modelTitle(name, version);
    const subject: AnalysisSubject = {
      analysis,
      result,
      study,
      sourceSeriesInstanceUid: source?.seriesInstanceUid ?? "",
      modelTitle: title,
      patientReference: patient,
      imagingStudyReference: imagingStudy,
      deviceReference: transaction.put(deviceOf({ name, version, title }), SYSTEM.model, null),
    };
    const observations = result.segments.map((segment) =>
      transaction.put(volumeObservation(subject, segment), SYSTEM.analysis, {
        kind: "analysis",
        subject: `${analysis.id}.${segment.number}`,
      }),
    );
    transaction.put(diagnosticReport(subject, observations), SYSTEM.analysis, {
      kind: "analysis",
      subject: String(analysis.id),
    });
  }

  /** Who the EMR says it is; where the EMR knows nobody, who the images say. */
  private async patientOf(study: StudyRecord): Promise<string> {
    const row = await this.sources.emr.patientOfStudy(study.orthancId);
    if (row !== null) return this.records.patient(row);
    return this.transaction.put(patientOf(study), SYSTEM.patientKey, {
      kind: "patient",
      subject: study.patientKey,
    });
  }
}
