import { z } from "zod";
import { ENCOUNTER_STATUSES, type EncounterContent } from "../records.js";
import { coding, concepts, id, instant, note } from "./text.js";

export const encounterContent: z.ZodType<EncounterContent> = z
  .strictObject({
    patientId: id,
    status: z.enum(ENCOUNTER_STATUSES),
    class: coding,
    types: concepts,
    reasons: concepts,
    startAt: instant,
    endAt: instant.nullable().default(null),
    note,
  })
  .refine(({ startAt, endAt }) => endAt === null || Date.parse(endAt) >= Date.parse(startAt), {
    error: "ends before it starts",
    path: ["endAt"],
  });
