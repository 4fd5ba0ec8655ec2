import { z } from "zod";
import { OBSERVATION_STATUSES, type ObservationContent } from "../records.js";
import { coding, concept, id, instant, line, note, quantity } from "./text.js";

const value = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("quantity"), quantity }),
  z.strictObject({ type: z.literal("codes"), codes: concept }),
  z.strictObject({ type: z.literal("text"), text: line(10_000) }),
]);

/** What says that nothing was obtained needs no value; everything else that is final does. */
const NEEDS_VALUE: ReadonlySet<string> = new Set(["final", "amended", "corrected"]);

export const observationContent: z.ZodType<ObservationContent> = z
  .strictObject({
    patientId: id,
    encounterId: id.nullable().default(null),
    status: z.enum(OBSERVATION_STATUSES).default("final"),
    category: z.enum(["vital-signs", "laboratory"]),
    codes: concept,
    value: value.nullable().default(null),
    components: z
      .array(z.strictObject({ codes: concept, value }))
      .max(50)
      .default([]),
    interpretation: coding.nullable().default(null),
    referenceRange: z
      .strictObject({
        low: quantity.nullable().default(null),
        high: quantity.nullable().default(null),
        text: line(1_000).nullable().default(null),
      })
      .refine(({ low, high, text }) => low !== null || high !== null || text !== null, { error: "is empty" })
      .nullable()
      .default(null),
    effectiveAt: instant,
    orderId: id.nullable().default(null),
    note,
  })
  .refine(
    ({ status, value, components }) => !NEEDS_VALUE.has(status) || value !== null || components.length > 0,
    { error: "a final observation has a value", path: ["value"] },
  );
