import { z } from "zod";
import { ORDER_STATUSES, type OrderContent } from "../records.js";
import {
  coding,
  concept,
  concepts,
  dicomLine,
  id,
  instant,
  line,
  localTime,
  note,
  quantity,
} from "./text.js";

const base = {
  patientId: id,
  encounterId: id.nullable().default(null),
  status: z.enum(ORDER_STATUSES).default("active"),
  priority: z.enum(["routine", "urgent", "asap", "stat"]).default("routine"),
  reasons: concepts,
  note,
};
const positive = z.number().positive();

const medicationItem = z.strictObject({
  drug: concept,
  dose: quantity.refine(({ value }) => value > 0, { error: "a dose is more than nothing" }),
  route: coding,
  frequency: z.strictObject({
    times: z.number().int().min(1).max(100),
    period: positive.max(1_000),
    periodUnit: z.enum(["h", "d", "wk", "mo"]),
  }),
  duration: z
    .strictObject({ value: positive.max(1_000), unit: z.enum(["d", "wk", "mo"]) })
    .nullable()
    .default(null),
  asNeeded: z.boolean().default(false),
  instructions: line(2_000).nullable().default(null),
});

/** Accession Number is an SH: 16 characters (PS3.5 6.2). Left out, one is made. */
const radiology = z.strictObject({
  ...base,
  kind: z.literal("radiology"),
  codes: concept,
  bodySite: coding.nullable().default(null),
  accessionNumber: dicomLine(16).default(""),
  accessionIssuer: dicomLine(64).nullable().default(null),
  modality: z.string().regex(/^[A-Z][A-Z0-9]{1,15}$/, { error: "is not a Modality (0008,0060)" }),
  scheduledStart: localTime.nullable().default(null),
  stationAeTitle: z
    .string()
    .regex(/^[\x21-\x5b\x5d-\x7e]{1,16}$/, { error: "is not an AE title" })
    .nullable()
    .default(null),
});

export const orderContent: z.ZodType<OrderContent> = z.discriminatedUnion("kind", [
  z.strictObject({
    ...base,
    kind: z.literal("medication"),
    items: z.array(medicationItem).min(1).max(50),
  }),
  z.strictObject({
    ...base,
    kind: z.literal("laboratory"),
    codes: concept,
    specimen: coding.nullable().default(null),
  }),
  radiology,
  z.strictObject({
    ...base,
    kind: z.literal("procedure"),
    codes: concept,
    bodySite: coding.nullable().default(null),
    performedAt: instant.nullable().default(null),
    outcome: coding.nullable().default(null),
  }),
]);
