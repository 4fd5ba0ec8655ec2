import type { Archive } from "../archive/archive.js";
import type { OrthancId } from "../dicom/uid.js";
import { describeFrame } from "../rendering/describe-frame.js";
import { reportContent } from "../report-document/report-content.js";
import { segmentMasks } from "../report-document/segment-masks.js";
import { isWithdrawn } from "../review/standing-review.js";
import type { AnalysisResult, AnalysisRow, StoredObject } from "../state/records.js";
import type { SeriesDetails, StateReads } from "../state/state.js";
import type { ReportDocument, ReportDocuments } from "./report-documents.js";

/** A larger SEG is not read for a picture. */
const LARGEST_SEGMENTATION_BYTES = 256 * 1024 * 1024;

type Stored = StoredObject & { readonly orthancId: OrthancId };
type Analysed = AnalysisRow & { readonly result: AnalysisResult & { readonly report: Stored } };

/** Documents made of the SR, SEG and images that are in the archive. */
export class ArchivedReports implements ReportDocuments {
  constructor(
    private readonly archive: Pick<Archive, "dataSet" | "readFile" | "readFrame">,
    private readonly read: Pick<StateReads, "analysis" | "analysesOfStudy" | "series" | "study">,
  ) {}

  async analysesOfStudy(studyId: string): Promise<number[]> {
    const analyses = await this.read.analysesOfStudy(studyId as OrthancId);
    return analyses.filter(hasReport).map(({ id }) => id);
  }

  async studyInstanceUid(analysisId: number): Promise<string | null> {
    const analysis = await this.read.analysis(analysisId);
    const series = analysis && (await this.read.series(analysis.seriesId));
    const study = series && (await this.read.study(series.studyId));
    return study?.studyInstanceUid ?? null;
  }

  async document(analysisId: number): Promise<ReportDocument | null> {
    const analysis = await this.read.analysis(analysisId);
    if (analysis === null || !hasReport(analysis)) return null;
    const series = await this.read.series(analysis.seriesId);
    const study = series && (await this.read.study(series.studyId));
    if (!series || !study) return null;
    const content = reportContent(await this.archive.dataSet(analysis.result.report.orthancId));
    // What writes PDF is half as large as this program: only who delivers documents loads it.
    const { writeDocument } = await import("../report-document/write-document.js");
    const pdf = await writeDocument({
      content,
      ...(await this.keyImage(analysis, series)),
      // The date that is in the SR too: made again, it is the same document.
      createdAt: analysis.queuedAt,
    });
    return {
      fileName: `neuronova-${content.sopInstanceUid}.pdf`,
      pdf,
      studyId: study.orthancId,
      studyInstanceUid: study.studyInstanceUid,
      patientKey: study.patientKey,
      issuerOfPatientId: content.issuerOfPatientId,
      patientBirthDate: content.patientBirthDate,
    };
  }

  private async keyImage({ result }: Analysed, { instances }: SeriesDetails) {
    if (result.segmentation?.orthancId == null)
      return { keyImage: undefined, keyImageCaption: "Nothing was segmented: there is no image to show." };
    const absent = { keyImage: undefined, keyImageCaption: "The image cannot be drawn here." };
    const taking = {
      allocate: (bytes: number) => Buffer.alloc(bytes),
      largestBytes: LARGEST_SEGMENTATION_BYTES,
    };
    const { drawKeyImage, keyImageOf, masksOn } = await import("../report-document/key-image.js");
    const file = await this.archive.readFile(result.segmentation.orthancId, taking);
    const masks = file === null ? [] : segmentMasks(file);
    const place = keyImageOf(masks);
    const image = instances.find((instance) => instance.sopInstanceUid === place?.sopInstanceUid);
    if (place === undefined || image === undefined) return absent;
    const dataSet = await this.archive.dataSet(image.orthancId);
    const format = describeFrame(dataSet, undefined)?.format;
    if (format === undefined) return absent;
    const keyImage = await drawKeyImage(
      dataSet,
      await this.archive.readFrame(image.orthancId, place.frameIndex, format),
      masksOn(place, masks),
      new Map(result.segments.map(({ number, colorRgb }) => [number, colorRgb])),
    );
    const legend = result.segments.map(({ label }) => label).join(", ");
    return keyImage === undefined
      ? absent
      : {
          keyImage,
          keyImageCaption: `Image ${image.instanceNumber ?? ""}${image.numberOfFrames > 1 ? `, frame ${place.frameIndex + 1},` : ""} of the series, the one with the most of: ${legend}. Coloured: what the algorithm segmented. Instance ${image.sopInstanceUid}`,
        };
  }
}

function hasReport(analysis: AnalysisRow): analysis is Analysed {
  const { state, result } = analysis;
  // Held for review it is not to leave; rejected it is no report any more.
  return state === "succeeded" && result?.report.orthancId != null && !isWithdrawn(analysis);
}
