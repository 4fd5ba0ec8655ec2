import type { MeasuredSegment } from "../structured-report/measured-segment.js";
import type { RiskScore } from "../structured-report/risk-score.js";

export interface SummaryFigures {
  readonly segments: readonly MeasuredSegment[];
  readonly scores: readonly RiskScore[];
}

/** The figures of the SR as lines of text, no more digits than it has. */
export function summaryLines({ segments, scores }: SummaryFigures): string[] {
  return [
    ...scores.flatMap(({ title, value, range: [low, high], band, meaning }) => [
      `${title}: ${number(value)} (range ${low} to ${high})`,
      ...(band === undefined ? [] : [`  ${band.label}`]),
      `  ${meaning}`,
    ]),
    ...segments.flatMap(({ label, volumeMl, longestDiameterMm, meanIntensity, meanProbability }) => {
      if (meanProbability === null) return [`${label}: nothing found`];
      return [
        `${label}: ${number(volumeMl)} mL`,
        ...(longestDiameterMm === null ? [] : [`  longest diameter ${number(longestDiameterMm)} mm`]),
        ...(meanIntensity === null
          ? []
          : [
              `  mean intensity ${number(meanIntensity.value)} ${unitOf(meanIntensity.unit.value)}`.trimEnd(),
            ]),
        `  mean probability ${number(meanProbability)}`,
      ];
    }),
  ];
}

function number(value: number): string {
  return String(Math.round(value * 1000) / 1000);
}

function unitOf(ucum: string): string {
  return ucum === "[hnsf'U]" ? "HU" : "(arbitrary units)";
}
