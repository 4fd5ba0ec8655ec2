import type { DataSet } from "./data-set.js";
import type { NaturalDataSet } from "./part10.js";
import { TAG } from "./tag.js";

/**
 * Patient and study of a derived instance, taken over from its source (PS3.3 C.7.1.1, C.7.2.1). Values come from the
 * archive's UTF-8 JSON: Korean names written in ISO 2022 IR 149 arrive here intact.
 */
export function inheritedAttributes(source: DataSet): NaturalDataSet {
  const type2 = (tag: (typeof TAG)[keyof typeof TAG]) => source.text(tag) ?? "";
  return {
    PatientName: type2(TAG.PatientName),
    PatientID: type2(TAG.PatientID),
    IssuerOfPatientID: source.text(TAG.IssuerOfPatientID),
    PatientBirthDate: type2(TAG.PatientBirthDate),
    PatientSex: type2(TAG.PatientSex),
    PatientAge: source.text(TAG.PatientAge),
    PatientWeight: source.number(TAG.PatientWeight),
    StudyInstanceUID: source.text(TAG.StudyInstanceUID),
    StudyDate: type2(TAG.StudyDate),
    StudyTime: type2(TAG.StudyTime),
    StudyID: type2(TAG.StudyID),
    StudyDescription: source.text(TAG.StudyDescription),
    AccessionNumber: type2(TAG.AccessionNumber),
    ReferringPhysicianName: type2(TAG.ReferringPhysicianName),
  };
}

/** DICOM DA and TM of a moment, in UTC; Timezone Offset From UTC (0008,0201) "+0000" belongs beside them. */
export function dateAndTime(moment: Date): { date: string; time: string } {
  const iso = moment.toISOString();
  return {
    date: iso.slice(0, 10).replaceAll("-", ""),
    time: `${iso.slice(11, 19).replaceAll(":", "")}.${iso.slice(20, 23)}000`,
  };
}
