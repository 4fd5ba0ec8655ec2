import { z } from "zod";
import { codedConcept, count } from "./values.js";

/** What a person reads about a model beside its result. */
export const modelCaption = z
  .object({
    name: z.string(),
    version: z.string(),
    title: z.string(),
    notice: z.string().meta({ description: "Is to be shown with every result" }),
  })
  .meta({ id: "ModelCaption" });

const segment = z
  .object({
    number: z.int().min(1),
    label: z.string(),
    volumeMl: z.number().min(0),
    voxelCount: count.optional().meta({ description: "Absent of one that a person corrected" }),
    longestDiameterMm: z.number().min(0).nullish(),
    meanIntensity: z.object({ value: z.number(), unit: codedConcept }).nullish(),
    colorRgb: z.tuple([z.number(), z.number(), z.number()]).meta({ description: "0 to 255" }),
  })
  .meta({ id: "MeasuredSegment" });

const score = z
  .object({
    name: z.string(),
    title: z.string(),
    code: codedConcept,
    value: z.number(),
    range: z.tuple([z.number(), z.number()]),
    meaning: z.string().meta({ description: "What low and high values mean" }),
    band: z.object({ code: codedConcept, label: z.string() }).optional(),
  })
  .meta({ id: "RiskScore" });

/** What a model found. */
export const findings = { segments: z.array(segment), scores: z.array(score) };

const run = {
  confidence: z.number().min(0).max(1).nullable(),
  engine: z.string(),
  modelMilliseconds: z.number().min(0),
};
/** With how it came about. */
export const figures = { ...findings, ...run };
/** Where there may be no result yet. */
export const figuresIfAny = {
  ...findings,
  confidence: run.confidence.optional(),
  engine: run.engine.optional(),
  modelMilliseconds: run.modelMilliseconds.optional(),
};

export const progress = z.object({ slicesDone: count, slices: count }).meta({ id: "Progress" });
/** Why it came to nothing. */
export const reason = z.object({ code: z.string(), detail: z.string() }).meta({ id: "Reason" });
