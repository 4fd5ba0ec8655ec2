import { z } from "zod";
import { range } from "./basics.js";

const tensorName = z.string().min(1).max(128);
const planeLayout = z.enum(["NHWC", "NCHW"]);

/** The tensor that the network takes: planes of one channel. */
const input = z.strictObject({
  /** As the network names it. */
  name: tensorName,
  layout: planeLayout,
  type: z.literal("float32"),
  /** What preprocessing brings the values to. */
  range,
  meaning: z.string().min(1).max(256),
});

const output = {
  /** As the network names it. */
  name: tensorName,
  channels: z.number().int().min(1).max(256),
  /** An answer outside of it is refused. */
  range,
  /** What each channel means, in the order of the channels. */
  meaning: z.array(z.string().min(1).max(256)).min(1),
};

/** A tensor that the network answers with; always float32. */
export const networkOutput = z
  .discriminatedUnion("kind", [
    /** Rows and columns of the input. */
    z.strictObject({ kind: z.literal("per-pixel"), layout: planeLayout, ...output }),
    /** A coarser grid over the same field of view: rows and columns of the input divided by `stride`. */
    z.strictObject({
      kind: z.literal("map"),
      layout: planeLayout,
      ...output,
      stride: z.number().int().min(1).max(1024),
    }),
    /** `channels` numbers for each plane. */
    z.strictObject({ kind: z.literal("vector"), layout: z.literal("NC"), ...output }),
  ])
  .refine(({ channels, meaning }) => meaning.length === channels, {
    message: "says what each of its channels means",
    path: ["meaning"],
  });

export const network = z
  .strictObject({
    input,
    outputs: z
      .array(networkOutput)
      .min(1)
      .max(16)
      .refine((outputs) => new Set(outputs.map(({ name }) => name)).size === outputs.length, {
        message: "each output has a name of its own",
      }),
  })
  .meta({ id: "network" });

export type NetworkOutput = z.infer<typeof networkOutput>;
