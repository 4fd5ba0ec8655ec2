import { DCM, PRIVATE_SCHEME, type CodedConcept } from "../segmentation/coded-concept.js";
import type { DicomObject } from "../segmentation/part10-file.js";
import type { Algorithm, WrittenInstance } from "../segmentation/result-context.js";
import { SEGMENTATION_STORAGE } from "../segmentation/segment.js";
import { algorithmIdentification, rounded } from "./algorithm-identification.js";
import { code, container, image, numeric, text, uidReference } from "./content-item.js";
import { HOUNSFIELD_UNIT, type MeanIntensity, type MeasuredSegment } from "./measured-segment.js";

const VOLUME: CodedConcept = { value: "118565006", scheme: "SCT", meaning: "Volume" };
const MILLILITRE: CodedConcept = { value: "mL", scheme: "UCUM", meaning: "mL" };
const DIAMETER: CodedConcept = { value: "81827009", scheme: "SCT", meaning: "Diameter" };
const MILLIMETRE: CodedConcept = { value: "mm", scheme: "UCUM", meaning: "mm" };
const MAXIMUM: CodedConcept = { value: "56851009", scheme: "SCT", meaning: "Maximum" };
const MEAN: CodedConcept = { value: "373098007", scheme: "SCT", meaning: "Mean" };
const FINDING_SITE: CodedConcept = { value: "363698007", scheme: "SCT", meaning: "Finding Site" };
const ABSENT: CodedConcept = { value: "2667000", scheme: "SCT", meaning: "Absent" };
/** No standard code says this; the private one does not pretend to be another. */
const MEAN_PROBABILITY: CodedConcept = {
  value: "MEANPROB",
  scheme: PRIVATE_SCHEME,
  meaning: "Mean probability over the voxels of the segment",
};
/** Of neither CT nor MR: no code of the standard says no more than this. */
const INTENSITY: CodedConcept = {
  value: "INTENSITY",
  scheme: PRIVATE_SCHEME,
  meaning: "Intensity of the image",
};
const RATIO: CodedConcept = { value: "{ratio}", scheme: "UCUM", meaning: "ratio" };

interface Context {
  readonly algorithm: Algorithm;
  readonly segmentation: WrittenInstance | undefined;
  readonly sourceSeriesInstanceUid: string;
  /** Modality (0008,0060) of the images. */
  readonly modality: string | undefined;
}

/**
 * One segment's measurements: TID 1411 (Volumetric ROI) with volume, longest diameter and mean intensity when the
 * segment is in the SEG; TID 1501 (Measurement Group) with the volume 0 and the finding absent when the algorithm found nothing.
 */
export function measurementGroup(segment: MeasuredSegment, context: Context): DicomObject {
  const { algorithm, segmentation } = context;
  const identity = [
    text("HAS OBS CONTEXT", DCM.trackingIdentifier, segment.trackingId),
    uidReference("HAS OBS CONTEXT", DCM.trackingUniqueIdentifier, segment.trackingUid),
  ];
  const { correctedBy, longestDiameterMm, meanIntensity, meanProbability } = segment;
  const isFound = correctedBy === undefined ? meanProbability !== null : longestDiameterMm !== null;
  // Of what a person drew no algorithm is to be named.
  const how = correctedBy === undefined ? algorithmIdentification(algorithm) : [];
  const site = code("HAS CONCEPT MOD", FINDING_SITE, segment.anatomicRegion);
  const volume = numeric("CONTAINS", VOLUME, rounded(segment.volumeMl), MILLILITRE, how);
  if (segmentation === undefined || !isFound) {
    const finder = correctedBy === undefined ? "by the algorithm" : `after correction by ${correctedBy}`;
    return container(
      "CONTAINS",
      DCM.measurementGroup,
      [
        ...identity,
        site,
        volume,
        code("CONTAINS", segment.type, ABSENT),
        text("CONTAINS", DCM.comment, `No finding ${finder}. ${algorithm.notice}`),
      ],
      "1501",
    );
  }
  const { sopInstanceUid } = segmentation;
  const reference = { sopClassUid: SEGMENTATION_STORAGE, sopInstanceUid };
  return container(
    "CONTAINS",
    DCM.measurementGroup,
    [
      ...identity,
      code("CONTAINS", DCM.finding, segment.type),
      image("CONTAINS", DCM.referencedSegment, reference, { segmentNumber: segment.number }),
      uidReference("CONTAINS", DCM.sourceSeriesForSegmentation, context.sourceSeriesInstanceUid),
      site,
      volume,
      ...(longestDiameterMm === null ? [] : [longestDiameter(longestDiameterMm, how)]),
      ...(meanIntensity === null ? [] : [mean(meanIntensity, context, how)]),
      ...(meanProbability === null
        ? []
        : [numeric("CONTAINS", MEAN_PROBABILITY, rounded(meanProbability), RATIO, how)]),
    ],
    "1411",
  );
}

/** The largest of all diameters: a derivation of the concept, as a mean is of an intensity (TID 300). */
function longestDiameter(longestDiameterMm: number, how: readonly DicomObject[]): DicomObject {
  return numeric("CONTAINS", DIAMETER, rounded(longestDiameterMm), MILLIMETRE, [
    code("HAS CONCEPT MOD", DCM.derivation, MAXIMUM),
    ...how,
  ]);
}

function mean(
  { value, unit }: MeanIntensity,
  { modality }: Context,
  how: readonly DicomObject[],
): DicomObject {
  const isHounsfield = unit.value === HOUNSFIELD_UNIT.value && unit.scheme === HOUNSFIELD_UNIT.scheme;
  const other = modality === "MR" ? DCM.mrSignalIntensity : INTENSITY;
  return numeric("CONTAINS", isHounsfield ? DCM.attenuationCoefficient : other, rounded(value), unit, [
    code("HAS CONCEPT MOD", DCM.derivation, MEAN),
    ...how,
  ]);
}
