import { expect, test } from "vitest";
import { parentsOf } from "../arrival/records.js";
import { DataSet } from "../dicom/data-set.js";
import { patientKeyOf } from "../dicom/patient-key.js";
import type { OrthancId } from "../dicom/uid.js";

const text = (Value: string) => ({ Type: "String", Value });
const id = "0".repeat(8) as OrthancId;

test.each([
  ["P-1", "Hospital"],
  ["P-1", ""],
])("the key of patient %s of issuer %j is the one their arriving images get", (patientId, issuer) => {
  const { study } = parentsOf({
    orthancId: id,
    seriesId: id,
    studyId: id,
    fileUuid: "",
    transferSyntaxUid: "",
    dataSet: DataSet.fromOrthancTags({
      "0008,0018": text("1.2.3"),
      "0020,000d": text("1.2"),
      "0020,000e": text("1.2.1"),
      "0010,0020": text(patientId),
      "0010,0021": text(issuer),
    }),
  });
  expect(patientKeyOf({ patientId, issuerOfPatientId: issuer })).toBe(study.patientKey);
});

test("there is no key without a Patient ID: nobody is everybody without one", () => {
  expect(() => patientKeyOf({ patientId: "", issuerOfPatientId: "Hospital" })).toThrow(RangeError);
});
