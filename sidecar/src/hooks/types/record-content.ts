import { z } from "zod";
import { CONTENT_SCHEMAS } from "../../emr/content/content-schemas.js";
import { patientReference, type PatientReference } from "./patient-reference.js";

/** Stands for the patient's record while only the rest is looked at. */
const SOME_PATIENT = "00000000-0000-4000-8000-000000000000";

/** A record of `/api/emr`, with the patient's identifier in the place of `patientId`. */
export interface RecordOfPatient {
  readonly patient: PatientReference;
  /** The members of the record as they came: `createRecord` reads them again. */
  readonly content: Readonly<Record<string, unknown>>;
}

/** Checks what a new record may hold when it comes, long before anybody works on it. */
export function recordOfPatient(kind: "order" | "report"): z.ZodType<RecordOfPatient> {
  return z
    .looseObject({ patient: patientReference })
    .transform(({ patient, ...content }, context): RecordOfPatient => {
      if ("patientId" in content)
        context.addIssue({ code: "custom", path: ["patientId"], message: "patient says who it is" });
      const parsed = CONTENT_SCHEMAS[kind].safeParse({ ...content, patientId: SOME_PATIENT });
      for (const { path, message } of parsed.error?.issues ?? [])
        context.addIssue({ code: "custom", path: [...path], message });
      return { patient, content };
    });
}
