import type { EmrReads } from "../emr/emr-reads.js";
import type { AnalysisRow, StudyRecord } from "../state/records.js";
import type { StateReads } from "../state/state.js";
import { isHeld, isWithdrawn } from "../review/standing-review.js";
import { diagnosticReport } from "./analysis-resources.js";
import { finalReview, type AnalysisSubject } from "./analysis-subject.js";
import { deviceOf } from "./device.js";
import { endpointOf } from "./endpoint.js";
import { imagingStudyOf } from "./imaging-study.js";
import { measurementsOf } from "./measurement-observations.js";
import { patientOf } from "./patient.js";
import { practitionerOf } from "./practitioner.js";
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
    // What is rejected, or held until somebody accepts it, is not written; what was there is withdrawn.
    if (analysis.result === null || isHeld(analysis) || isWithdrawn(analysis)) return;
    const { modelName: name, modelVersion: version, result } = analysis;
    const source = await sources.read.series(analysis.seriesId);
    const title = sources.modelTitle(name, version);
    const reviewer = finalReview(analysis)?.reviewer;
    const subject: AnalysisSubject = {
      analysis,
      result,
      study,
      sourceSeriesInstanceUid: source?.seriesInstanceUid ?? "",
      modality: source?.modality ?? "",
      modelTitle: title,
      patientReference: patient,
      imagingStudyReference: imagingStudy,
      deviceReference: transaction.put(deviceOf({ name, version, title }), SYSTEM.model, null),
      reviewerReference:
        reviewer &&
        transaction.put(
          practitionerOf({ subject: reviewer.subject, display: reviewer.displayName }),
          SYSTEM.subject,
          null,
        ),
    };
    const observations = measurementsOf(subject).map(({ name: measured, observation }) =>
      transaction.put(observation, SYSTEM.analysis, {
        kind: "analysis",
        // The volume of a segment has had the segment's number alone since the beginning.
        subject: `${analysis.id}.${measured.replace(/\/volume$/, "").replaceAll("/", ".")}`,
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
