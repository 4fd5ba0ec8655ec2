import type { HumanName, Patient } from "fhir/r4.js";
import type { StudyRecord } from "../state/records.js";
import { fhirDate } from "./date.js";
import { SYSTEM } from "./system.js";

const GENDER: Readonly<Record<string, Patient["gender"]>> = { M: "male", F: "female", O: "other" };
/** Component groups of PN in their order (PS3.5 6.2.1.1), as ISO 21090 names them. */
const REPRESENTATIONS = ["ABC", "IDE", "SYL"] as const;

/** The patient a study is of, as the images say: where the EMR knows the patient, patient-record.ts says it. */
export function patientOf(study: StudyRecord): Patient {
  const gender = GENDER[study.patientSex];
  const birthDate = fhirDate(study.patientBirthDate);
  const name = namesOf(study.patientName);
  return {
    resourceType: "Patient",
    identifier: [
      { system: SYSTEM.patientKey, value: study.patientKey },
      ...(study.patientId === ""
        ? []
        : [
            // Patient ID (0010,0020) and its issuer (0010,0021)
            {
              type: { coding: [{ system: SYSTEM.identifierType, code: "MR" }] },
              system: SYSTEM.patientId,
              value: study.patientId,
              ...(study.issuerOfPatientId === "" ? {} : { assigner: { display: study.issuerOfPatientId } }),
            },
          ]),
    ],
    // Patient's Name (0010,0010), Patient's Sex (0010,0040), Patient's Birth Date (0010,0030)
    ...(name.length === 0 ? {} : { name }),
    ...(gender === undefined ? {} : { gender }),
    ...(birthDate === undefined ? {} : { birthDate }),
  };
}

/** A PN value as FHIR names, one for each component group that is filled. */
export function namesOf(personName: string): HumanName[] {
  return personName.split("=").flatMap((group, index) => {
    const [family = "", given = "", middle = "", prefix = "", suffix = ""] = group
      .split("^")
      .map((part) => part.trim());
    const representation = REPRESENTATIONS[index];
    if (representation === undefined || [family, given, middle, prefix, suffix].every((part) => part === ""))
      return [];
    const givenNames = [given, middle].filter((part) => part !== "");
    const text = [
      prefix,
      ...(index === 0 ? [...givenNames, family] : [family, ...givenNames]),
      suffix,
    ].filter((part) => part !== "");
    return [
      {
        ...(index === 0 ? { use: "official" as const } : {}),
        extension: [{ url: SYSTEM.nameRepresentation, valueCode: representation }],
        text: text.join(index === 0 ? " " : ""),
        ...(family === "" ? {} : { family }),
        ...(givenNames.length === 0 ? {} : { given: givenNames }),
        ...(prefix === "" ? {} : { prefix: [prefix] }),
        ...(suffix === "" ? {} : { suffix: [suffix] }),
      },
    ];
  });
}
