import { createHash } from "node:crypto";
import { areWhollyDifferent, dicomPersonName } from "./person-name.js";
import type { PatientRow } from "./records.js";

/** Why a study is in quarantine. */
export type Mismatch =
  "birth-date-differs" | "sex-differs" | "name-differs" | "issuer-missing" | "order-of-other-patient";

/** A study, and everything that could make it somebody's. */
export interface StudyToMatch {
  readonly studyId: string;
  readonly patientId: string;
  readonly issuerOfPatientId: string;
  readonly patientName: string;
  readonly patientBirthDate: string;
  readonly patientSex: string;
  readonly accessionNumber: string;
  /** The issuer of studies that carry none; empty: none is assumed. */
  readonly defaultIssuer: string;
  /** The patient with this issuer (or the default one) and id, or whom they were merged into. */
  readonly byIdentifier: PatientRow | null;
  /** Patients with this id of whatever issuer. */
  readonly byValue: readonly PatientRow[];
  /** Radiology orders with this accession number. */
  readonly orders: readonly { readonly id: string; readonly patientId: string }[];
}

export interface StudyMatch {
  readonly state: "linked" | "unmatched" | "quarantined" | "rejected";
  readonly patientId: string | null;
  readonly orderIds: readonly string[];
  readonly reasons: readonly Mismatch[];
  readonly candidates: readonly string[];
  /** Digest of what the match was made on. */
  readonly facts: string;
}

/**
 * Whose a study is: the patient's with its issuer and id, and nobody else's. Where birth date, sex or the whole name
 * contradict, where the issuer is missing, or where the order is another patient's, nobody is guessed: it is quarantined.
 */
export function matchStudy(study: StudyToMatch): Omit<StudyMatch, "facts"> {
  const { byIdentifier, byValue, orders } = study;
  const hasIssuer = study.issuerOfPatientId !== "" || study.defaultIssuer !== "";
  const named = hasIssuer ? byIdentifier : null;
  const reasons: Mismatch[] = named === null ? [] : contradictions(study, named);
  if (!hasIssuer && study.patientId !== "" && byValue.length > 0) reasons.push("issuer-missing");
  const others = orders.filter(({ patientId }) => patientId !== named?.id);
  // Accession numbers are unique within an issuer: where one of the orders is this patient's, the others are elsewhere's.
  if (others.length > 0 && others.length === orders.length) reasons.push("order-of-other-patient");
  if (reasons.length > 0) {
    const candidates = [
      ...(named === null ? [] : [named.id]),
      ...(hasIssuer ? [] : byValue.map(({ id }) => id)),
      ...others.map(({ patientId }) => patientId),
    ];
    return {
      state: "quarantined",
      patientId: null,
      orderIds: [],
      reasons,
      candidates: [...new Set(candidates)],
    };
  }
  if (named === null)
    return { state: "unmatched", patientId: null, orderIds: [], reasons: [], candidates: [] };
  return {
    state: "linked",
    patientId: named.id,
    orderIds: ordersOf(study, named.id),
    reasons: [],
    candidates: [named.id],
  };
}

/** The orders among those with the study's accession number that are this patient's. */
export function ordersOf({ orders }: StudyToMatch, patientId: string): string[] {
  return orders.filter((order) => order.patientId === patientId).map(({ id }) => id);
}

/** A digest of everything a match, or a person's decision, is made on. */
export function factsOf(study: StudyToMatch): string {
  const about = (patient: PatientRow) => [patient.id, patient.birthDate, patient.sex, patient.name];
  return createHash("sha256")
    .update(
      JSON.stringify([
        study.patientId,
        study.issuerOfPatientId,
        study.patientName,
        study.patientBirthDate,
        study.patientSex,
        study.accessionNumber,
        study.defaultIssuer,
        study.byIdentifier && about(study.byIdentifier),
        study.byValue.map(about),
        study.orders,
      ]),
    )
    .digest("hex");
}

/** What is empty or unknown on either side contradicts nothing. */
function contradictions(study: StudyToMatch, patient: PatientRow): Mismatch[] {
  const found: Mismatch[] = [];
  const birthDate = /^(\d{4})[.]?(\d{2})[.]?(\d{2})$/.exec(study.patientBirthDate)?.slice(1).join("-");
  if (birthDate !== undefined && patient.birthDate !== null && birthDate !== patient.birthDate)
    found.push("birth-date-differs");
  const sex = SEX[study.patientSex.trim().toUpperCase()];
  if (sex !== undefined && patient.sex !== "unknown" && sex !== patient.sex) found.push("sex-differs");
  if (areWhollyDifferent(study.patientName, dicomPersonName(patient.name))) found.push("name-differs");
  return found;
}

/** Patient's Sex (0010,0040), PS3.3 C.7.1.1. */
const SEX: Readonly<Record<string, PatientRow["sex"]>> = { M: "male", F: "female", O: "other" };
