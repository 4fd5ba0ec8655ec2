import type { CodeableConcept, Observation, Quantity } from "fhir/r4.js";
import { DCM } from "../segmentation/coded-concept.js";
import type { AnalysisResult, StoredObject } from "../state/records.js";
import { HOUNSFIELD_UNIT } from "../structured-report/measured-segment.js";
import type { RiskScore } from "../structured-report/risk-score.js";
import {
  analysisIdentifier,
  finalReview,
  issuedAt,
  objectReference,
  standingOf,
  statusOf,
  type AnalysisSubject,
} from "./analysis-subject.js";
import { fhirDate } from "./date.js";
import { conceptOfDicom } from "./dicom-coding.js";
import { SYSTEM } from "./system.js";

type Segment = AnalysisResult["segments"][number];

/** An Observation, with what it is of within the analysis: part of its identifier, the same in every version. */
export interface Measurement {
  readonly name: string;
  readonly observation: Observation;
}

const VOLUME: CodeableConcept = {
  coding: [{ system: SYSTEM.snomed, code: "118565006", display: "Volume" }],
};
const DIAMETER: CodeableConcept = {
  coding: [{ system: SYSTEM.snomed, code: "81827009", display: "Diameter" }],
};

/** One Observation for each thing that was measured; results of before it was measured have none of it. */
export function measurementsOf(subject: AnalysisSubject): Measurement[] {
  const { segments, scores = [] } = subject.result;
  return [
    ...segments.flatMap((segment) => measurementsOfSegment(subject, segment)),
    ...scores.map((score) => scoreMeasurement(subject, score)),
  ];
}

function measurementsOfSegment(subject: AnalysisSubject, segment: Segment): Measurement[] {
  const { longestDiameterMm, meanIntensity } = segment;
  const of = (kind: string, code: CodeableConcept, valueQuantity: Quantity): Measurement => ({
    name: `${segment.number}/${kind}`,
    observation: {
      ...commonOf(subject, `${segment.number}/${kind}`, subject.result.segmentation),
      code,
      valueQuantity,
    },
  });
  const measurements = [
    of("volume", { ...VOLUME, text: `Volume of ${segment.label}` }, quantity(segment.volumeMl, "ml", "mL")),
  ];
  if (longestDiameterMm != null)
    measurements.push(
      of(
        "longest-diameter",
        { ...DIAMETER, text: `Longest diameter of ${segment.label}` },
        quantity(longestDiameterMm, "mm", "mm"),
      ),
    );
  if (meanIntensity != null)
    measurements.push(
      of(
        "mean-intensity",
        intensityOf(subject, segment, meanIntensity.unit.value),
        quantity(meanIntensity.value, meanIntensity.unit.meaning, meanIntensity.unit.value),
      ),
    );
  return measurements;
}

/** What a mean over voxels is of: the attenuation of CT, the signal of MR, or no more than an intensity. */
function intensityOf({ modality }: AnalysisSubject, { label }: Segment, unit: string): CodeableConcept {
  const text = `Mean intensity of ${label}`;
  if (unit === HOUNSFIELD_UNIT.value) return conceptOfDicom(DCM.attenuationCoefficient, text);
  return modality === "MR" ? conceptOfDicom(DCM.mrSignalIntensity, text) : { text };
}

/** The range is what the score can be, not what is normal: it is told in words. */
function scoreMeasurement(subject: AnalysisSubject, score: RiskScore): Measurement {
  const [low, high] = score.range;
  const name = `score/${score.name}`;
  return {
    name,
    observation: {
      ...commonOf(subject, name, subject.result.attention ?? null),
      code: conceptOfDicom(score.code, score.title),
      valueQuantity: quantity(score.value, `range: ${low}:${high}`, `{${low}:${high}}`),
      referenceRange: [{ text: `Possible values from ${low} to ${high}: ${score.meaning}` }],
      ...(score.band === undefined
        ? {}
        : { interpretation: [conceptOfDicom(score.band.code, score.band.label)] }),
    },
  };
}

function commonOf(
  subject: AnalysisSubject,
  name: string,
  segmentation: StoredObject | null,
): Omit<Observation, "code"> {
  const { analysis, study, modelTitle, result, reviewerReference } = subject;
  const effective = fhirDate(study.studyDate);
  const how = finalReview(analysis)?.decision === "edited" ? "corrected by a person" : "automatic";
  return {
    resourceType: "Observation",
    identifier: [
      { system: SYSTEM.analysis, value: `${analysisIdentifier(subject)}/${name}` },
      { system: SYSTEM.analysisNumber, value: String(analysis.id) },
    ],
    status: statusOf(analysis),
    category: [{ coding: [{ system: SYSTEM.observationCategory, code: "imaging" }] }],
    subject: { reference: subject.patientReference },
    ...(effective === undefined ? {} : { effectiveDateTime: effective }),
    issued: issuedAt(analysis),
    ...(reviewerReference === undefined ? {} : { performer: [{ reference: reviewerReference }] }),
    method: { text: `${modelTitle} ${analysis.modelVersion} (${how})` },
    device: { reference: subject.deviceReference },
    derivedFrom: [
      { reference: subject.imagingStudyReference },
      ...(segmentation === null ? [] : [objectReference(segmentation, "DICOM Segmentation")]),
      objectReference(result.report, "DICOM Structured Report"),
    ],
    note: [{ text: standingOf(analysis) }],
  };
}

function quantity(value: number, unit: string, code: string): Quantity {
  return { value, unit, system: SYSTEM.ucum, code };
}
