import { randomInt } from "node:crypto";
import { ApiError } from "../error-response.js";
import type { EmrTransaction } from "./emr-store.js";
import type { ContentOf, PatientRow, RadiologyOrder, RecordKind, RowOf } from "./records.js";

/** Tries of making a number nobody has; of 10^8 numbers a day the first is free nearly always. */
const TRIES = 20;

/** An order that is over, or never was, answers to no accession number any more when it was entered in error. */
export async function keepAccession(
  id: string,
  order: RadiologyOrder,
  transaction: EmrTransaction,
): Promise<RadiologyOrder> {
  if (order.status === "entered-in-error") {
    await transaction.releaseAccession(id);
    return order;
  }
  const issuer = order.accessionIssuer ?? "";
  if (order.accessionNumber !== "") {
    if (await transaction.claimAccession(id, issuer, order.accessionNumber)) return order;
    throw new ApiError(409, "accession-number-taken", "Another order has this accession number.");
  }
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const accessionNumber = newAccessionNumber(new Date());
    if (await transaction.claimAccession(id, issuer, accessionNumber)) return { ...order, accessionNumber };
  }
  throw new ApiError(503, "accession-numbers-exhausted", "No accession number could be made; give one.");
}

/** Digits only, which every scanner reads: YYMMDD and eight more, within the 16 of an SH (PS3.5 6.2). */
export function newAccessionNumber(now: Date): string {
  const today = now.toISOString().slice(2, 10).replaceAll("-", "");
  return `${today}${String(randomInt(100_000_000)).padStart(8, "0")}`;
}

/**
 * A patient's identifiers are theirs alone, as long as the record stands.
 * @param mayName whether the one who asks may be told which patient has the identifier
 * @throws ApiError 409 `identifier-taken`, with the record's id for those who reach it
 */
export async function keepIdentifiers(
  row: PatientRow,
  transaction: EmrTransaction,
  mayName: (patientId: string) => Promise<boolean>,
): Promise<void> {
  const identifiers = row.status === "entered-in-error" ? [] : row.identifiers;
  const taken = await transaction.claimIdentifiers(row.id, identifiers);
  if (taken === null) return;
  const { patientId } = taken;
  throw new ApiError(
    409,
    "identifier-taken",
    "Another patient has one of these identifiers.",
    {},
    {},
    (await mayName(patientId)) ? { patientId } : {},
  );
}

/** @returns what the kind makes of the content, with what it keeps beside the record */
export async function beforeWriting<Kind extends RecordKind>(
  kind: Kind,
  id: string,
  content: ContentOf[Kind],
  transaction: EmrTransaction,
): Promise<ContentOf[Kind]> {
  const order = kind === "order" ? (content as ContentOf["order"]) : undefined;
  if (order?.kind !== "radiology") return content;
  return (await keepAccession(id, order, transaction)) as ContentOf[Kind];
}

/** @returns patients that may be the same person */
export async function afterWriting<Kind extends RecordKind>(
  kind: Kind,
  row: RowOf[Kind],
  transaction: EmrTransaction,
  mayName: (patientId: string) => Promise<boolean>,
): Promise<string[]> {
  if (kind !== "patient") return [];
  const patient = row as PatientRow;
  await keepIdentifiers(patient, transaction, mayName);
  return transaction.describePatient(patient);
}
