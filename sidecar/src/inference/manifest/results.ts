import { z } from "zod";
import { codedConcept, range, sentence } from "./basics.js";

const label = z.string().min(1).max(64);
const channel = z.number().int().min(0);
const outputName = z.string().min(1).max(128);
const byte = z.number().int().min(0).max(255);
const colorRgb = z.tuple([byte, byte, byte]).readonly();

/** What is drawn of a segment: Segment Sequence of PS3.3 C.8.20.2. */
const described = {
  label,
  description: sentence,
  category: codedConcept,
  type: codedConcept,
  anatomicRegion: codedConcept,
  colorRgb,
};

/** Numbers that say what a score of a part of its range means, from `from` up to the next band. */
const band = z.strictObject({ from: z.number(), label, code: codedConcept });

export const segment = z
  .strictObject({
    /** 1, 2, 3 … in this order: the Segment Number. */
    number: z.number().int().min(1).max(255),
    /** Channel of the per-pixel output, from 0; channels that no segment names (the background) are not looked at. */
    channel,
    ...described,
    /** Voxels are of this segment from this value on; where several reach theirs the highest value wins. */
    threshold: z.number(),
    /** Islands smaller than this are dropped. */
    minimumVolumeMl: z.number().min(0),
  })
  .meta({ id: "segment" });

/** How the values of the slices become the value of the series. */
export const aggregation = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("mean") }),
  /** Mean of the `slices` highest; of all when there are fewer. 1 is the maximum. */
  z.strictObject({ kind: z.literal("mean-of-highest"), slices: z.number().int().min(1) }),
]);

export const score = z
  .strictObject({
    name: z.string().regex(/^[a-z][a-z0-9_]{0,31}$/),
    title: label,
    code: codedConcept,
    /** Name of a vector output, and its channel from 0. */
    output: outputName,
    channel,
    aggregation,
    /** After aggregation p becomes 1 / (1 + e^−(slope · ln(p / (1 − p)) + intercept)) (J. Platt, 1999). */
    calibration: z
      .strictObject({ kind: z.literal("logistic"), slope: z.number().positive(), intercept: z.number() })
      .optional(),
    range,
    /** What the lowest and the highest value mean. */
    meaning: sentence,
    /** Ascending; the first starts where the range does. */
    bands: z.array(band).min(1).max(16),
  })
  .refine(({ bands, range: [low] }) => bands[0]?.from === low, {
    message: "the first band starts where the range does",
    path: ["bands"],
  })
  .refine(({ bands }) => bands.every(({ from }, at) => at === 0 || from > (bands[at - 1]?.from ?? from)), {
    message: "bands ascend",
    path: ["bands"],
  })
  .refine(({ bands, range: [, high] }) => bands.every(({ from }) => from < high), {
    message: "bands start below the end of the range",
    path: ["bands"],
  })
  .refine(({ calibration, range: [low, high] }) => !calibration || (low === 0 && high === 1), {
    message: "a calibrated score is a probability: its range is 0 to 1",
    path: ["calibration"],
  })
  .meta({ id: "score" });

/** Where the network looked: one channel of a map, brought back to the source's grid and stored as fractional SEG. */
export const attention = z
  .strictObject({
    output: outputName,
    channel,
    /** Values below it are not written: a network is never quite without attention. */
    minimum: z.number().positive(),
    ...described,
  })
  .meta({ id: "attention" });
