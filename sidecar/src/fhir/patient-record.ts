import type { ContactPoint, HumanName, Patient } from "fhir/r4.js";
import type { NameGroup, PatientRow } from "../emr/records.js";
import { boundConcept, recordIdentifier } from "./concept.js";
import { SYSTEM } from "./system.js";

interface PatientLinks {
  /** The patient this one was merged into. */
  readonly replacedBy: string | undefined;
  /** Those merged into this one. */
  readonly replaces: readonly string[];
}

/** Component groups of a DICOM PN as ISO 21090 names them (PS3.5 6.2.1.1). */
const REPRESENTATION = { alphabetic: "ABC", ideographic: "IDE", phonetic: "SYL" } as const;
type Group = keyof typeof REPRESENTATION;

/** A patient, from the EMR's `patient`. Its key is that of the images with the same identifier: one Patient for both. */
export function patientOfRecord(row: PatientRow, to: PatientLinks): Patient {
  return {
    resourceType: "Patient",
    identifier: [
      // patient.patientKey
      { system: SYSTEM.patientKey, value: row.patientKey },
      // patient.id
      recordIdentifier(row.id),
      // patient.identifiers with their assigning authorities
      ...row.identifiers.map(({ issuer, value }) => ({
        type: boundConcept(SYSTEM.identifierType, "MR"),
        system: SYSTEM.patientId,
        value,
        ...(issuer === "" ? {} : { assigner: { display: issuer } }),
      })),
    ],
    // patient.status, mergedInto: R4's Patient has no entered-in-error, and one that was replaced is not in use
    active: row.status === "active" && row.mergedInto === null,
    // patient.name
    name: (Object.keys(REPRESENTATION) as Group[]).flatMap((group) => nameOf(group, row.name[group])),
    // patient.phone, email
    ...telecomOf(row),
    // patient.sex, administrative-gender on both sides
    gender: row.sex,
    // patient.birthDate
    ...(row.birthDate === null ? {} : { birthDate: row.birthDate }),
    // patient.address
    ...addressOf(row),
    // patient.mergedInto, and of whom it is the survivor
    ...linksOf(to),
  };
}

function nameOf(group: Group, name: NameGroup | undefined): HumanName[] {
  if (name === undefined) return [];
  const { family, given } = name;
  const text = group === "alphabetic" ? `${given} ${family}`.trim() : `${family}${given}`;
  return [
    {
      ...(group === "alphabetic" ? { use: "official" as const } : {}),
      extension: [{ url: SYSTEM.nameRepresentation, valueCode: REPRESENTATION[group] }],
      text,
      ...(family === "" ? {} : { family }),
      ...(given === "" ? {} : { given: [given] }),
    },
  ];
}

function telecomOf({ phone, email }: PatientRow): Pick<Patient, "telecom"> {
  const telecom: ContactPoint[] = [
    ...(phone === null ? [] : [{ system: "phone" as const, value: phone }]),
    ...(email === null ? [] : [{ system: "email" as const, value: email }]),
  ];
  return telecom.length === 0 ? {} : { telecom };
}

function addressOf({ address }: PatientRow): Pick<Patient, "address"> {
  if (address === null) return {};
  const { line, ...parts } = address;
  const filled = Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== ""));
  const whole = { ...(line === "" ? {} : { line: [line] }), ...filled };
  return Object.keys(whole).length === 0 ? {} : { address: [whole] };
}

function linksOf({ replacedBy, replaces }: PatientLinks): Pick<Patient, "link"> {
  const link = [
    ...(replacedBy === undefined ? [] : [{ other: { reference: replacedBy }, type: "replaced-by" as const }]),
    ...replaces.map((reference) => ({ other: { reference }, type: "replaces" as const })),
  ];
  return link.length === 0 ? {} : { link };
}
