import { z } from "zod";
import { count, instant, recordId, uid } from "../openapi/values.js";
import { synchronisation } from "../outbox/synchronisation-schema.js";
import { CONTENT_SCHEMAS } from "./content/content-schemas.js";
import type { RecordKind } from "./records.js";

export const actor = z.object({ subject: z.string(), display: z.string() }).meta({ id: "Actor" });

const kept = {
  id: recordId,
  version: z.int().min(1).meta({ description: "The ETag" }),
  createdAt: instant,
  createdBy: actor,
  updatedAt: instant,
  updatedBy: actor,
  synchronisation: z.array(synchronisation).optional().meta({
    description: "Where it has got to; of what was just written only where another EMR has patients too",
  }),
};

/** What OpenEMR said of a patient when it was asked last. */
const openEmrCopy = z
  .object({
    readAt: instant.nullable(),
    ageSeconds: z.int().nullable(),
    stale: z.boolean(),
    away: z.boolean(),
    charts: z.array(z.record(z.string(), z.unknown())),
  })
  .meta({ id: "OpenEmrCopy" });

const linkedStudy = z.object({
  studyInstanceUid: uid,
  studyDate: z.string(),
  studyDescription: z.string(),
  accessionNumber: z.string(),
  instanceCount: count,
});

/** What is answered beside the content of a record. */
const BESIDE: { readonly [Kind in RecordKind]: z.ZodRawShape } = {
  patient: {
    patientKey: z.string(),
    mergedInto: recordId.nullable(),
    possibleDuplicates: z.array(recordId).optional(),
    degraded: z.literal("will synchronise").optional(),
    openemr: openEmrCopy.nullish(),
  },
  encounter: {},
  condition: {},
  order: { studies: z.array(linkedStudy).optional(), imagesReceived: z.boolean().optional() },
  observation: {},
  report: {},
};

/** A record of the kind as it is answered: its content as it is taken, and what is known of it. */
export function recordAnswer(kind: RecordKind): z.ZodType {
  const name = kind.charAt(0).toUpperCase() + kind.slice(1);
  return z.intersection(z.object({ ...kept, ...BESIDE[kind] }), CONTENT_SCHEMAS[kind]).meta({ id: name });
}
