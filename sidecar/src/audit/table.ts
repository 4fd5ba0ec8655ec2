import type { AuditEntry } from "./search.js";

/** Columns of an export, in their order. */
const COLUMNS = [
  "id",
  "sequence",
  "firstAt",
  "lastAt",
  "ended",
  "subject",
  "displayName",
  "kind",
  "role",
  "tokenId",
  "patientId",
  "issuerOfPatientId",
  "studyInstanceUid",
  "action",
  "target",
  "outcome",
  "reason",
  "sourceAddress",
  "userAgent",
  "breakGlassId",
  "requests",
  "instances",
  "frames",
  "hash",
] as const satisfies readonly (keyof AuditEntry)[];

/** A spreadsheet takes a cell that begins like this for a formula (OWASP, CSV Injection). */
const FORMULA = /^[=+\-@\t\r]/;

export const CSV_HEAD = `${COLUMNS.join(",")}\r\n`;

/** A line of CSV (RFC 4180), in which nothing is a formula. */
export function csvLine(entry: AuditEntry): string {
  return `${COLUMNS.map((column) => cell(entry[column])).join(",")}\r\n`;
}

/** A line of NDJSON. */
export function ndjsonLine(entry: object): string {
  return `${JSON.stringify(entry)}\n`;
}

function cell(value: string | number | boolean | Date | null): string {
  if (value === null) return "";
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  const text = value instanceof Date ? value.toISOString() : value;
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) || safe !== safe.trim() ? `"${safe.replaceAll('"', '""')}"` : safe;
}
