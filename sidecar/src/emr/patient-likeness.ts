import { createHash } from "node:crypto";
import { writtenForms } from "./person-name.js";
import type { PatientContent } from "./records.js";

/**
 * What two records of one person have in common: name, birth date and sex, all of them known; one for each way the name
 * is written. A likeness is a question for a person, never an answer.
 */
export function likenessesOf({ status, name, birthDate, sex }: PatientContent): string[] {
  if (status === "entered-in-error" || birthDate === null || sex === "unknown") return [];
  return [...new Set(writtenForms(name))].map((form) =>
    createHash("sha256").update(["likeness", form, birthDate, sex].join("\u0000")).digest("hex"),
  );
}
