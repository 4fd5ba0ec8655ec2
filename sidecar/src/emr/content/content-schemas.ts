import type { z } from "zod";
import type { ContentOf, RecordKind } from "../records.js";
import { conditionContent } from "./condition-content.js";
import { encounterContent } from "./encounter-content.js";
import { observationContent } from "./observation-content.js";
import { orderContent } from "./order-content.js";
import { patientContent } from "./patient-content.js";
import { reportContent } from "./report-content.js";

/** What a record of each kind may hold; anything else is refused, never dropped. */
export const CONTENT_SCHEMAS: { readonly [Kind in RecordKind]: z.ZodType<ContentOf[Kind]> } = {
  patient: patientContent,
  encounter: encounterContent,
  condition: conditionContent,
  order: orderContent,
  observation: observationContent,
  report: reportContent,
};
