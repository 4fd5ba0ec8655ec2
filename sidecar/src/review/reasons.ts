import type { CodedConcept } from "../segmentation/coded-concept.js";
import type { ReviewReason } from "../state/review-records.js";

const own = (value: string, meaning: string): CodedConcept => ({ value, scheme: "99NEURONOVA", meaning });

/**
 * Reasons as Document Title Modifiers of a rejection (PS3.16 TID 2010). CID 7011, which is extensible, is about
 * acquisition: where it has no code for what is wrong with a model's result, the private one does not pretend to be
 * another.
 */
export const REASON_CONCEPTS: Readonly<Record<ReviewReason, CodedConcept>> = {
  quality: own("IMAGEQUALITY", "Images not of sufficient quality for the algorithm"),
  "wrong-series": own("WRONGSERIES", "Series not suitable for the algorithm"),
  "false-positive": own("FALSEPOSITIVE", "False positive of the algorithm"),
  "false-negative": own("FALSENEGATIVE", "False negative of the algorithm"),
  "wrong-boundary": own("WRONGBOUNDARY", "Wrong boundary by the algorithm"),
  other: { value: "111220", scheme: "DCM", meaning: "Other failure" },
};
