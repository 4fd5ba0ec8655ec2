import { z } from "zod";
import { CLINICAL_STATUSES, VERIFICATION_STATUSES, type ConditionContent } from "../records.js";
import { coding, concept, day, id, note } from "./text.js";

const OVER: ReadonlySet<string> = new Set(["inactive", "remission", "resolved"]);

export const conditionContent: z.ZodType<ConditionContent> = z
  .strictObject({
    patientId: id,
    encounterId: id.nullable().default(null),
    clinicalStatus: z.enum(CLINICAL_STATUSES).default("active"),
    verificationStatus: z.enum(VERIFICATION_STATUSES).default("confirmed"),
    category: z.enum(["problem-list-item", "encounter-diagnosis"]).default("problem-list-item"),
    codes: concept,
    severity: coding.nullable().default(null),
    bodySite: coding.nullable().default(null),
    onsetDate: day.nullable().default(null),
    abatementDate: day.nullable().default(null),
    note,
  })
  // FHIR R4 Condition, con-4: abated means clinically over.
  .refine(({ abatementDate, clinicalStatus }) => abatementDate === null || OVER.has(clinicalStatus), {
    error: "an abated condition is inactive, remission or resolved",
    path: ["clinicalStatus"],
  })
  .refine(({ onsetDate, abatementDate }) => !(onsetDate && abatementDate) || abatementDate >= onsetDate, {
    error: "ends before it starts",
    path: ["abatementDate"],
  });
