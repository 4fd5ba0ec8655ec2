import { z } from "zod";

/** By what studies may be in order; those with the same value are in order of arrival. */
export const STUDY_ORDERS = ["date", "patient", "description", "arrival"] as const;

/** YYYY-MM-DD, as DICOM's DA has it (PS3.5 6.2). */
const day = z.iso.date().transform((date) => date.replaceAll("-", ""));

/** The search of `GET /api/studies`. */
export const studySearchSchema = z.object({
  /** Part of the patient's name or id, the description or the accession number. */
  query: z.string().trim().max(200).default(""),
  /** Patient ID, whole. */
  patient: z.string().trim().min(1).max(64).optional(),
  /** Modalities, any of which a series of the study has. */
  modality: z
    .string()
    .regex(/^[A-Z0-9_]{1,16}(?:,[A-Z0-9_]{1,16}){0,19}$/)
    .transform((list) => list.split(","))
    .optional(),
  /** First and last Study Date; a study without a date is in no range. */
  from: day.optional(),
  to: day.optional(),
  sort: z.enum(STUDY_ORDERS).default("date"),
  order: z.enum(["asc", "desc"]).default("desc"),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  offset: z.coerce.number().int().min(0).max(10_000_000).default(0),
  /** The `next` of the page before. It is a study's place in the order, so studies that arrive move no page. */
  after: z
    .string()
    .regex(/^[0-9a-f]{8}(?:-[0-9a-f]{8}){4}$/)
    .optional(),
});

export type StudySearch = z.output<typeof studySearchSchema>;
