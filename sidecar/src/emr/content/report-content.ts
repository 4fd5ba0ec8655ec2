import { z } from "zod";
import { readableUid } from "../../dicom/uid-schema.js";
import { REPORT_STATUSES, type ReportContent } from "../records.js";
import { coding, concept, concepts, id, instant, note } from "./text.js";

const NEEDS_CONCLUSION: ReadonlySet<string> = new Set(["final", "amended", "corrected", "appended"]);

export const reportContent: z.ZodType<ReportContent> = z
  .strictObject({
    patientId: id,
    encounterId: id.nullable().default(null),
    status: z.enum(REPORT_STATUSES).default("final"),
    category: coding,
    codes: concept,
    effectiveAt: instant,
    conclusion: note,
    conclusionCodes: concepts,
    orderId: id.nullable().default(null),
    observationIds: z.array(id).max(200).default([]),
    studyInstanceUids: z.array(readableUid).max(50).default([]),
  })
  .refine(
    ({ status, conclusion, conclusionCodes, observationIds }) =>
      !NEEDS_CONCLUSION.has(status) ||
      conclusion !== null ||
      conclusionCodes.length > 0 ||
      observationIds.length > 0,
    { error: "a final report says something", path: ["conclusion"] },
  );
