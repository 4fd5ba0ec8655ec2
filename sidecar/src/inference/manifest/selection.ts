import { z } from "zod";
import { pattern } from "./basics.js";

/** Millimetres, both ends included; an end that is absent is open. */
const limitsMm = z
  .strictObject({ minimum: z.number().positive().optional(), maximum: z.number().positive().optional() })
  .refine(({ minimum = 0, maximum = Infinity }) => minimum <= maximum, {
    message: "the minimum is not above the maximum",
  });

/** Which series a model is for. */
export const appliesTo = z
  .strictObject({
    modalities: z.array(z.string().min(1).max(16)).min(1),
    /** Body Part Examined has one of these values, or … */
    bodyParts: z.array(z.string().min(1).max(16)),
    /** … it is empty and the series description matches. */
    seriesDescription: pattern.optional(),
    /** A series whose description matches is never analysed. */
    excludedSeriesDescription: pattern.optional(),
    minimumSlices: z.number().int().min(1),
    /** Limits of Pixel Spacing, both of its values. */
    pixelSpacingMm: limitsMm.optional(),
    /** Limits of the distance between the centres of adjacent slices. */
    sliceSpacingMm: limitsMm.optional(),
  })
  .meta({ id: "appliesTo" });
