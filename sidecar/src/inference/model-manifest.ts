import { z } from "zod";

const codedConcept = z.strictObject({
  value: z.string().min(1).max(16),
  scheme: z.string().min(1).max(16),
  meaning: z.string().min(1).max(64),
});

const file = z.strictObject({
  /** A name in the model's own folder. */
  path: z.string().regex(/^[A-Za-z0-9_-][A-Za-z0-9._-]*$/, "a plain file name"),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

const pattern = z.string().refine(
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

const segment = z.strictObject({
  /** 1, 2, 3 … in this order: the channel of the network's answer, and the Segment Number. */
  number: z.number().int().min(1).max(255),
  label: z.string().min(1).max(64),
  description: z.string().min(1).max(1024),
  category: codedConcept,
  type: codedConcept,
  anatomicRegion: codedConcept,
  colorRgb: z.tuple([z.number(), z.number(), z.number()]).readonly(),
  /** Voxels are of this segment from this probability on. */
  threshold: z.number().gt(0).lt(1),
  /** Islands smaller than this are dropped. */
  minimumVolumeMl: z.number().min(0),
});

/** `manifest.json` of a model bundle. */
export const modelManifest = z.strictObject({
  schemaVersion: z.literal(1),
  name: z.string().regex(/^[a-z][a-z0-9_]{0,31}$/),
  version: z.string().regex(/^\d+\.\d+\.\d+$/),
  title: z.string().min(1).max(64),
  /** Shown wherever a result of the model is shown. */
  notice: z.string().min(1).max(64),
  task: z.enum(["segmentation"]),
  intendedUse: z.string().min(1),
  algorithmSource: z.string().min(1).max(64),
  /** The procedure that the report is about (CID 100). */
  procedure: codedConcept,
  /** The region that the images show (CID 4031). */
  targetRegion: codedConcept,
  engine: z.enum(["tensorflow"]),
  format: z.enum(["tfjs-layers"]),
  files: z.strictObject({ topology: file, weights: file }),
  appliesTo: z.strictObject({
    modalities: z.array(z.string().min(1)).min(1),
    /** Body Part Examined has one of these values, or … */
    bodyParts: z.array(z.string().min(1)),
    /** … it is empty and the series description matches. Case does not matter. */
    seriesDescription: pattern.optional(),
    /** A series whose description matches is never analysed. */
    excludedSeriesDescription: pattern.optional(),
    minimumSlices: z.number().int().min(1),
  }),
  input: z.strictObject({
    plane: z.enum(["axial"]),
    pixelSpacingMm: z.number().positive(),
    /** The network wants rows and columns that are multiples of this. */
    sizeMultiple: z.number().int().positive(),
    normalisation: z.strictObject({
      kind: z.enum(["foreground-median"]),
      clip: z.tuple([z.number(), z.number()]).readonly(),
    }),
  }),
  segments: z
    .array(segment)
    .min(1)
    .refine((segments) => segments.every(({ number }, index) => number === index + 1), {
      message: "segments are numbered 1, 2, 3 …",
    }),
  /** Figures of the training script's evaluation; see the model's card. */
  evaluation: z.record(z.string(), z.union([z.number(), z.string()])),
});

export type ModelManifest = z.infer<typeof modelManifest>;
export type SegmentManifest = ModelManifest["segments"][number];
