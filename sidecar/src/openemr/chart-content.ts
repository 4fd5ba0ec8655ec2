import type { NameGroup, PatientContent, PersonName } from "../emr/records.js";
import type { PatientBody } from "./openemr-api.js";

export type ChartContent = Pick<PatientContent, "name" | "birthDate" | "sex" | "phone" | "email" | "address">;

/** A patient of OpenEMR's in the words of our records; what OpenEMR does not say is not said. */
export function chartContent(chart: PatientBody): ChartContent {
  const { street, city, state, postal_code, country_code } = chart;
  const address = { line: street, city, state, postalCode: postal_code, country: country_code };
  return {
    name: nameOf({ family: chart.lname, given: chart.fname }),
    birthDate: ["", "0000-00-00"].includes(chart.DOB) ? null : chart.DOB,
    sex: chart.sex === "Male" ? "male" : chart.sex === "Female" ? "female" : "unknown",
    phone: chart.phone_contact === "" ? null : chart.phone_contact,
    email: chart.email === "" ? null : chart.email,
    address: Object.values(address).every((part) => part === "") ? null : address,
  };
}

/**
 * A record of ours after what its chart says. OpenEMR writes a name in one way: the others stay; what it does not say
 * of birth date and sex is not unsaid here.
 */
export function followChart(ours: PatientContent, chart: PatientBody): PatientContent {
  const theirs = chartContent(chart);
  const { alphabetic, ideographic } = ours.name;
  const group = alphabetic ? "alphabetic" : ideographic ? "ideographic" : "phonetic";
  return {
    ...ours,
    ...theirs,
    name: { ...ours.name, [group]: { family: chart.lname, given: chart.fname } },
    birthDate: theirs.birthDate ?? ours.birthDate,
    sex: theirs.sex === "unknown" ? ours.sex : theirs.sex,
  };
}

/** Of what names the person, that in which record and chart contradict, OpenEMR's names of it. */
export function contradicting(ours: PatientContent, chart: PatientBody): ("DOB" | "sex")[] {
  const { birthDate, sex } = chartContent(chart);
  const differs = (one: string | null, other: string | null) =>
    ![one, other].some((said) => said === null || said === "unknown" || said === "other") && one !== other;
  return [
    ...(differs(ours.birthDate, birthDate) ? (["DOB"] as const) : []),
    ...(differs(ours.sex, sex) ? (["sex"] as const) : []),
  ];
}

/** OpenEMR has one way of writing a name; which of a PN's groups it is, its script says (PS3.5 6.2.1). */
function nameOf(group: NameGroup): PersonName {
  const text = group.family + group.given;
  if (/[\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}]/u.test(text)) return { phonetic: group };
  return /\p{Script=Han}/u.test(text) ? { ideographic: group } : { alphabetic: group };
}
