import { DCM, type CodedConcept } from "../segmentation/coded-concept.js";
import type { DicomObject } from "../segmentation/part10-file.js";
import type { Algorithm, WrittenInstance } from "../segmentation/result-context.js";
import { SEGMENTATION_STORAGE } from "../segmentation/write-segmentation.js";
import { code, container, image, numeric, text, uidReference } from "./content-item.js";
import type { MeasuredSegment } from "./measured-segment.js";

const VOLUME: CodedConcept = { value: "118565006", scheme: "SCT", meaning: "Volume" };
const MILLILITRE: CodedConcept = { value: "mL", scheme: "UCUM", meaning: "mL" };
const FINDING_SITE: CodedConcept = { value: "363698007", scheme: "SCT", meaning: "Finding Site" };
const ABSENT: CodedConcept = { value: "2667000", scheme: "SCT", meaning: "Absent" };
/** No standard code says this; the private one does not pretend to be another. */
const MEAN_PROBABILITY: CodedConcept = {
  value: "MEANPROB",
  scheme: "99NEURONOVA",
  meaning: "Mean probability over the voxels of the segment",
};
const RATIO: CodedConcept = { value: "{ratio}", scheme: "UCUM", meaning: "ratio" };

interface Context {
  readonly algorithm: Algorithm;
  readonly segmentation: WrittenInstance | undefined;
  readonly sourceSeriesInstanceUid: string;
}

/**
 * One segment's measurements: TID 1411 (Volumetric ROI) when the segment is in the SEG; TID 1501 (Measurement Group)
 * with the volume 0 and the finding absent when the algorithm found nothing.
 */
export function measurementGroup(segment: MeasuredSegment, context: Context): DicomObject {
  const { algorithm, segmentation } = context;
  const identity = [
    text("HAS OBS CONTEXT", DCM.trackingIdentifier, segment.trackingId),
    uidReference("HAS OBS CONTEXT", DCM.trackingUniqueIdentifier, segment.trackingUid),
  ];
  const site = code("HAS CONCEPT MOD", FINDING_SITE, segment.anatomicRegion);
  const volume = numeric(
    "CONTAINS",
    VOLUME,
    rounded(segment.volumeMl),
    MILLILITRE,
    identification(algorithm),
  );
  if (segmentation === undefined || segment.meanProbability === null) {
    return container(
      "CONTAINS",
      DCM.measurementGroup,
      [
        ...identity,
        site,
        volume,
        code("CONTAINS", segment.type, ABSENT),
        text("CONTAINS", DCM.comment, `No finding by the algorithm. ${algorithm.notice}`),
      ],
      "1501",
    );
  }
  const { sopInstanceUid } = segmentation;
  const reference = { sopClassUid: SEGMENTATION_STORAGE, sopInstanceUid };
  const confidence = numeric(
    "CONTAINS",
    MEAN_PROBABILITY,
    rounded(segment.meanProbability),
    RATIO,
    identification(algorithm),
  );
  return container(
    "CONTAINS",
    DCM.measurementGroup,
    [
      ...identity,
      code("CONTAINS", DCM.finding, segment.type),
      image("CONTAINS", DCM.referencedSegment, reference, segment.number),
      uidReference("CONTAINS", DCM.sourceSeriesForSegmentation, context.sourceSeriesInstanceUid),
      site,
      volume,
      confidence,
    ],
    "1411",
  );
}

/** TID 4019, Algorithm Identification. */
function identification({ name, version }: Algorithm): DicomObject[] {
  return [
    text("HAS CONCEPT MOD", DCM.algorithmName, name),
    text("HAS CONCEPT MOD", DCM.algorithmVersion, version),
  ];
}

/** To a cubic millimetre, or a thousandth: more digits would claim a precision that is not there. */
function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
