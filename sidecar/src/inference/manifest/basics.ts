import { z } from "zod";

/** A coded concept (PS3.3 8.8): code value, coding scheme designator (SCT, DCM, RADLEX, LN …), code meaning. */
export const codedConcept = z
  .strictObject({
    value: z.string().min(1).max(16),
    scheme: z.string().min(1).max(16),
    meaning: z.string().min(1).max(64),
  })
  .meta({ id: "codedConcept" });

export const fileName = z.string().regex(/^[A-Za-z0-9_-][A-Za-z0-9._-]*$/, "a plain file name");

/** A file in the model's own folder. */
export const file = z
  .strictObject({
    path: fileName,
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
  })
  .meta({ id: "file" });

/** A regular expression; case does not matter. */
export const pattern = z.string().refine(
  (text) => {
    try {
      new RegExp(text, "iu");
      return true;
    } catch {
      return false;
    }
  },
  { message: "a regular expression" },
);

/** Lowest and highest value, both included. */
export const range = z
  .tuple([z.number(), z.number()])
  .readonly()
  .refine(([low, high]) => low < high, { message: "the lowest value, then the highest" })
  .meta({ id: "range" });

export const sentence = z.string().min(1).max(1024);
