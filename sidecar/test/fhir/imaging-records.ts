import type { StateReads, SeriesDetails } from "../../src/state/state.js";
import type { StandingReview } from "../../src/state/review-records.js";
import type { AnalysisResult, AnalysisRow, InstanceRow, StudyRecord } from "../../src/state/records.js";
import type { OrthancId, Uid } from "../../src/dicom/uid.js";
import { patientKeyOf } from "../../src/dicom/patient-key.js";

const id = (letter: string) => Array.from({ length: 5 }, () => letter.repeat(8)).join("-") as OrthancId;
const uid = (last: string) => `1.2.826.0.1.3680043.10.543.${last}` as Uid;
const patient = { issuerOfPatientId: "HOSPITAL", patientId: "MRN-1" };

function instance(number: number): InstanceRow {
  return {
    orthancId: id(String(number)),
    seriesId: id("b"),
    sopInstanceUid: uid(`1.1.${number}`),
    sopClassUid: "1.2.840.10008.5.1.4.1.1.4",
    fileUuid: `file-${number}`,
    transferSyntaxUid: "1.2.840.10008.1.2.1",
    instanceNumber: number,
    numberOfFrames: 1,
    rendition: "rendered",
    renditionFormat: 1,
    renditionMd5: null,
    reason: null,
    attempts: 1,
    arrivedAt: new Date(0),
    urgency: "live",
  };
}

type Reads = Pick<StateReads, "study" | "studiesByUid" | "seriesOfStudy" | "series" | "analysis">;

/** A study of one series with a model's result, as the database has them: a test changes what it is about. */
export class ImagingRecords implements Reads {
  studyRow: StudyRecord | null = {
    orthancId: id("a"),
    studyInstanceUid: uid("1"),
    patientKey: patientKeyOf(patient),
    ...patient,
    patientName: "Hong^Gildong=洪^吉洞=홍^길동",
    patientBirthDate: "19700131",
    patientSex: "M",
    studyDate: "20260305",
    studyTime: "104500",
    studyDescription: "MR Brain",
    accessionNumber: "ACC-1",
  };
  seriesRows: SeriesDetails[] = [
    {
      orthancId: id("b"),
      studyId: id("a"),
      seriesInstanceUid: uid("1.1"),
      modality: "MR",
      seriesNumber: 3,
      seriesDescription: "T2 axial",
      bodyPartExamined: "BRAIN",
      state: "stable",
      instances: [instance(1), instance(2)],
    },
  ];
  analysisRow: AnalysisRow | null = {
    id: 9,
    seriesId: id("b"),
    modelName: "brain_lesion",
    modelVersion: "1.2.0",
    inputDigest: "digest",
    state: "succeeded",
    code: null,
    reason: null,
    attempts: 1,
    priority: "medium",
    requestedBy: null,
    slices: 2,
    slicesDone: 2,
    interruptions: 0,
    cancelRequested: false,
    shadow: false,
    shadowResult: null,
    startedAt: new Date("2026-03-05T02:00:01.000Z"),
    finishedAt: new Date("2026-03-05T02:00:02.000Z"),
    queuedAt: new Date("2026-03-05T02:00:00.000Z"),
    result: {
      segmentation: null,
      report: { orthancId: id("c"), seriesInstanceUid: uid("1.9"), sopInstanceUid: uid("1.9.1") },
      segments: [
        {
          number: 1,
          label: "Lesion",
          volumeMl: 1.25,
          longestDiameterMm: 17.5,
          meanIntensity: { value: 412.5, unit: { value: "1", scheme: "UCUM", meaning: "no units" } },
          colorRgb: [255, 0, 0],
        },
        // As results of earlier versions are.
        { number: 2, label: "Oedema", volumeMl: 4.5, colorRgb: [0, 255, 0] },
      ],
      scores: [
        {
          name: "lesion_risk",
          title: "Lesion risk",
          code: { value: "lesion-risk", scheme: "99NEURONOVA", meaning: "Lesion risk" },
          value: 0.72,
          range: [0, 1],
          meaning: "0: unlikely, 1: likely",
          band: { code: { value: "high", scheme: "99NEURONOVA", meaning: "High" }, label: "high" },
        },
      ],
      attention: { orthancId: id("d"), seriesInstanceUid: uid("1.8"), sopInstanceUid: uid("1.8.1") },
      confidence: 0.9,
      engine: "tensorflow",
      modelMilliseconds: 100,
    },
  };

  readonly studyId = id("a");

  change(changes: Partial<StudyRecord>): void {
    if (this.studyRow !== null) this.studyRow = { ...this.studyRow, ...changes };
  }

  changeVolume(volumeMl: number): void {
    this.changeSegments((segments) => segments.map((segment) => ({ ...segment, volumeMl })));
  }

  /** Somebody accepts the result as it is. */
  accept(): void {
    const row = this.analysisRow;
    if (row?.result == null) return;
    const { result } = row;
    const review: StandingReview = {
      id: 1,
      analysisId: row.id,
      studyInstanceUid: uid("1"),
      modelName: row.modelName,
      modelVersion: row.modelVersion,
      reportSopInstanceUid: result.report.sopInstanceUid,
      decision: "accepted",
      reason: null,
      comment: null,
      reviewer: {
        subject: "account:7",
        username: "choi",
        displayName: "Dr. Choi Yuna",
        organisation: "General Hospital",
      },
      decidedAt: new Date("2026-03-05T03:00:00.000Z"),
      state: "applied",
      failure: null,
      verifiedSopInstanceUid: uid("1.9.2"),
      correctedSopInstanceUid: null,
      original: result,
      amends: false,
    };
    this.analysisRow = { ...row, review };
  }

  /** The model, run again, finds one thing less. */
  dropSegment(): void {
    this.changeSegments((segments) => segments.slice(0, -1));
  }

  /** The archive has the study no more. */
  forget(): void {
    this.studyRow = null;
    this.seriesRows = [];
    this.analysisRow = null;
  }

  private changeSegments(change: (segments: AnalysisResult["segments"]) => AnalysisResult["segments"]): void {
    const row = this.analysisRow;
    if (row?.result == null) return;
    this.analysisRow = { ...row, result: { ...row.result, segments: change(row.result.segments) } };
  }

  study = () => Promise.resolve(this.studyRow);
  studiesByUid = () => Promise.resolve(this.studyRow === null ? [] : [this.studyRow]);
  seriesOfStudy = () => Promise.resolve(this.seriesRows);
  series = () => Promise.resolve(this.seriesRows[0] ?? null);
  analysis = () => Promise.resolve(this.analysisRow);
}
