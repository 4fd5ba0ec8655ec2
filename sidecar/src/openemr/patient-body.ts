import { createHash } from "node:crypto";
import type { PatientRow } from "../emr/records.js";
import type { OpenEmrPatient, PatientBody } from "./openemr-api.js";
import { OpenEmrError } from "./openemr-error.js";

/** OpenEMR's list of sexes, which its API takes by these words; it knows no other. */
const SEX: Readonly<Record<PatientRow["sex"], string>> = {
  male: "Male",
  female: "Female",
  other: "Unknown",
  unknown: "Unknown",
};

/** The value that OpenEMR's assigning authority gave the patient; null: not a patient of OpenEMR's. */
export function publicIdOf({ identifiers }: PatientRow, issuer: string): string | null {
  return identifiers.find((identifier) => identifier.issuer === issuer)?.value ?? null;
}

/**
 * A patient of ours as OpenEMR takes it.
 * @throws OpenEmrError `openemr-refused` where OpenEMR demands what is not known: nothing is invented
 */
export function patientBody(patient: PatientRow, pubpid: string): PatientBody {
  const { name, birthDate, address } = patient;
  // As it is written in Latin letters; else as people write it here (PS3.5 6.2.1).
  const { family, given } = name.alphabetic ?? name.ideographic ?? name.phonetic ?? { family: "", given: "" };
  const missing = [
    ...(family === "" ? ["family name"] : []),
    ...(given === "" ? ["given name"] : []),
    ...(birthDate === null ? ["birth date"] : []),
  ];
  if (missing.length > 0)
    throw new OpenEmrError("openemr-refused", `OpenEMR takes no patient without ${missing.join(", ")}`);
  return {
    fname: given,
    lname: family,
    DOB: birthDate ?? "",
    sex: SEX[patient.sex],
    pubpid,
    street: address?.line ?? "",
    city: address?.city ?? "",
    state: address?.state ?? "",
    postal_code: address?.postalCode ?? "",
    country_code: address?.country ?? "",
    phone_contact: patient.phone ?? "",
    email: patient.email ?? "",
  };
}

const MEMBERS = [
  "fname",
  "lname",
  "DOB",
  "sex",
  "pubpid",
  "street",
  "city",
  "state",
  "postal_code",
  "country_code",
  "phone_contact",
  "email",
] as const satisfies readonly (keyof PatientBody)[];

/** Those that name the person: where they contradict, two people may have been taken for one. */
const IDENTIFYING = ["DOB", "sex"] as const;

/** Members that say something else in the two. */
export function differingMembers(one: PatientBody, other: PatientBody): (keyof PatientBody)[] {
  return MEMBERS.filter((name) => one[name] !== other[name]);
}

/** Of the members that name the person, those that contradict; what one of them does not say contradicts nothing. */
export function contradictions(one: PatientBody, other: PatientBody): string[] {
  return IDENTIFYING.filter((name) => {
    const [a, b] = [one[name], other[name]];
    return said(a) && said(b) && a !== b;
  });
}

function said(value: string): boolean {
  return !["", "Unknown", "UNK", "0000-00-00"].includes(value);
}

/** Names what of a patient we write and read. */
export function patientDigest(patient: PatientBody | OpenEmrPatient): string {
  return createHash("sha256")
    .update(JSON.stringify(MEMBERS.map((name) => patient[name])))
    .digest("hex");
}
