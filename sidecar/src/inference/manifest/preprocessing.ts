import { z } from "zod";
import { range } from "./basics.js";

const positive = z.number().positive();

/** How a slice becomes what the network takes. */
export const preprocessing = z
  .strictObject({
    /** Slices are turned so that columns run to the patient's left and rows to the back. */
    plane: z.enum(["axial"]),
    /** Square pixels of this size, over the whole field of view. */
    pixelSpacingMm: positive,
    /** Rows and columns are multiples of this. */
    sizeMultiple: z.number().int().positive(),
    /** A network of fixed size: this many rows and columns around the centre of the field of view. */
    matrix: z
      .strictObject({ rows: z.number().int().positive(), columns: z.number().int().positive() })
      .optional(),
    /** HU: the model takes only series whose modality values are Hounsfield units. */
    units: z.enum(["HU", "arbitrary"]),
    normalisation: z.discriminatedUnion("kind", [
      /** The volume's 1st percentile becomes 0, the median of its foreground 1; then clipped. */
      z.strictObject({ kind: z.literal("foreground-median"), clip: range }),
      /** `centre` − `width` / 2 becomes the lowest value of `range`, `centre` + `width` / 2 the highest; beyond, clipped. */
      z.strictObject({ kind: z.literal("window"), centre: z.number(), width: positive, range }),
    ]),
  })
  .meta({ id: "preprocessing" });
