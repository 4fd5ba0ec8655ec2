import type { CodedConcept } from "../segmentation/coded-concept.js";

/** A score that a model gives to the images as a whole. */
export interface RiskScore {
  /** The model's own name of it, e.g. "stroke_risk". */
  readonly name: string;
  /** For people. */
  readonly title: string;
  readonly code: CodedConcept;
  /** Within the range. */
  readonly value: number;
  /** Lowest and highest value that it can have. */
  readonly range: readonly [number, number];
  /** What low and high values mean. */
  readonly meaning: string;
  /** Where the model's thresholds put the value. */
  readonly band?: { readonly code: CodedConcept; readonly label: string } | undefined;
}
