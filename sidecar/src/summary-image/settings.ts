import { z } from "zod";

/** A picture of the findings for those who show neither SEG nor SR. */
export const SUMMARY_IMAGE_SETTINGS = {
  NEURONOVA_SUMMARY_IMAGE: {
    schema: z.enum(["off", "on"]).default("off"),
    description:
      "Whether every AI result has a Secondary Capture too: the slice with the most of what was found, outlined, and the figures as text (docs/ai-results-conformance.md).",
    example: "on",
  },
} as const;
