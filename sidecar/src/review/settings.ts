import { z } from "zod";

/** How results of models come before people. */
export const REVIEW_SETTINGS = {
  NEURONOVA_REVIEW_POLICY: {
    schema: z.enum(["publish", "hold-for-review"]).default("publish"),
    description:
      "Whether results of models go to Orthanc and FHIR at once, unverified, or wait here until somebody accepts them (docs/review.md).",
    example: "hold-for-review",
  },
  NEURONOVA_REJECTED_RESULTS: {
    schema: z.enum(["key-object", "delete"]).default("key-object"),
    description:
      "What remains in Orthanc of a rejected result that was there: a Key Object Selection that says why, or nothing (docs/review.md).",
    example: "delete",
  },
  NEURONOVA_ORGANISATION: {
    schema: z.string().trim().min(1).max(64).optional(),
    description:
      "Organisation that reviewers verify reports for (Verifying Organization); without it the host name of NEURONOVA_PUBLIC_URL.",
    example: "Example Hospital",
  },
} as const;
