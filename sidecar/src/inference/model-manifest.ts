import { z } from "zod";
import { codedConcept, fileName, sentence } from "./manifest/basics.js";
import { network, type NetworkOutput } from "./manifest/network.js";
import { preprocessing } from "./manifest/preprocessing.js";
import { attention, score, segment } from "./manifest/results.js";
import { runtimes } from "./manifest/runtime.js";
import { appliesTo } from "./manifest/selection.js";

/** A bin of a reliability table: of `count` cases with a score in it, what was predicted and what was so. */
const reliabilityBin = z.strictObject({
  from: z.number(),
  to: z.number(),
  count: z.number().int().min(0),
  meanPredicted: z.number().nullable(),
  observed: z.number().nullable(),
});

const evaluation = z
  .strictObject({
    /** What it was evaluated on. */
    data: sentence,
    figures: z.record(z.string(), z.number()),
    reliability: z.array(reliabilityBin).optional(),
  })
  .meta({ id: "evaluation" });

const common = {
  /** For editors: where `manifest.schema.json` is. */
  $schema: z.string().optional(),
  schemaVersion: z.literal(2),
  name: z.string().regex(/^[a-z][a-z0-9_]{0,31}$/),
  version: z.string().regex(/^\d+\.\d+\.\d+$/),
  title: z.string().min(1).max(64),
  /** Shown wherever a result of the model is shown. */
  notice: z.string().min(1).max(64),
  task: z.enum(["segmentation", "classification", "risk-score"]),
  intendedUse: sentence,
  limitations: z.array(sentence).min(1),
  /** Clearance or approval, or that there is none. */
  regulatoryStatus: sentence,
  /** Who made it. */
  algorithmSource: z.string().min(1).max(64),
  /** The model card, Markdown, in the model's folder. */
  card: fileName,
  /** The procedure that the report is about (CID 100). */
  procedure: codedConcept,
  /** The region that the images show (CID 4031). */
  targetRegion: codedConcept,
  appliesTo,
  preprocessing,
  network,
  /** What a segmentation finds. */
  segments: z
    .array(segment)
    .refine((segments) => segments.every(({ number }, index) => number === index + 1), {
      message: "segments are numbered 1, 2, 3 …",
    })
    .default([]),
  /** What a classification or a risk score answers. */
  scores: z
    .array(score)
    .refine((scores) => new Set(scores.map(({ name }) => name)).size === scores.length, {
      message: "each score has a name of its own",
    })
    .default([]),
  attention: attention.optional(),
  /** Held-out figures; see the model's card for how they came about. */
  evaluation,
};

type Checked = {
  readonly [Key in "segments" | "scores" | "network" | "task"]: z.infer<(typeof common)[Key]>;
} & { readonly attention?: z.infer<typeof attention> | undefined };

/** What one part of a manifest says of another. */
function checkReferences(
  { task, segments, scores, attention, network: { outputs } }: Checked,
  context: z.RefinementCtx,
) {
  const refuse = (path: PropertyKey[], message: string) =>
    context.addIssue({ code: "custom", path, message });
  const output = (name: string): NetworkOutput | undefined => outputs.find((one) => one.name === name);
  const segmentation = task === "segmentation";
  if (segmentation !== segments.length > 0)
    refuse(
      ["segments"],
      segmentation ? "a segmentation names its segments" : "only a segmentation has segments",
    );
  if (segmentation === scores.length > 0)
    refuse(["scores"], segmentation ? "a segmentation has no scores" : `a ${task} names its scores`);

  const perPixel = outputs.filter(({ kind }) => kind === "per-pixel");
  if (segmentation && perPixel.length !== 1)
    refuse(["network", "outputs"], "a segmentation has one per-pixel output");
  segments.forEach(({ channel, threshold }, at) => {
    const [only] = perPixel;
    if (only === undefined) return;
    if (channel >= only.channels)
      refuse(["segments", at, "channel"], `${only.name} has ${only.channels} channels`);
    if (threshold <= only.range[0] || threshold > only.range[1])
      refuse(["segments", at, "threshold"], `lies within the range of ${only.name}`);
  });
  scores.forEach(({ output: name, channel, range: [low, high] }, at) => {
    const named = output(name);
    if (named?.kind !== "vector") refuse(["scores", at, "output"], "names a vector output");
    else if (channel >= named.channels)
      refuse(["scores", at, "channel"], `${name} has ${named.channels} channels`);
    else if (named.range[0] < low || named.range[1] > high)
      refuse(["scores", at, "range"], `holds the range of ${name}`);
  });
  if (attention === undefined) return;
  const named = output(attention.output);
  if (named?.kind !== "map" && named?.kind !== "per-pixel")
    refuse(["attention", "output"], "names a map or a per-pixel output");
  else if (attention.channel >= named.channels)
    refuse(["attention", "channel"], `${named.name} has ${named.channels} channels`);
  else if (named.range[0] !== 0) refuse(["attention", "output"], `the range of ${named.name} starts at 0`);
}

const [tfjsLayers, tfjsGraph, onnx, openInference, tensorflowServing] = runtimes;

/** `manifest.json` of a model bundle; docs/models.md tells each field. */
export const modelManifest = z
  .discriminatedUnion("format", [
    z.strictObject({ ...common, ...tfjsLayers }),
    z.strictObject({ ...common, ...tfjsGraph }),
    z.strictObject({ ...common, ...onnx }),
    z.strictObject({ ...common, ...openInference }),
    z.strictObject({ ...common, ...tensorflowServing }),
  ])
  .superRefine(checkReferences);

export type ModelManifest = z.infer<typeof modelManifest>;
export type ModelFormat = ModelManifest["format"];
export type ManifestOf<Format extends ModelFormat> = Extract<ModelManifest, { format: Format }>;
export type SegmentManifest = ModelManifest["segments"][number];
export type ScoreManifest = ModelManifest["scores"][number];
export type AttentionManifest = NonNullable<ModelManifest["attention"]>;
export type { NetworkOutput };

/** The JSON Schema of `manifest.json` (draft 2020-12): `models/manifest.schema.json`, for editors and other programs. */
export function modelManifestSchema(): object {
  return {
    ...z.toJSONSchema(modelManifest, { io: "input" }),
    title: "NeuroNova model manifest",
  };
}
