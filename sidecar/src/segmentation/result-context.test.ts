import { expect, test } from "vitest";
import { DataSet } from "../dicom/data-set.js";
import { localDateTime, patientAndStudy } from "./result-context.js";

const image = (tags: Record<string, string>): DataSet =>
  DataSet.fromOrthancTags(
    Object.fromEntries(Object.entries(tags).map(([tag, Value]) => [tag, { Type: "String", Value }])),
  );

test("results are dated in the images' time zone when they name one", () => {
  const at = new Date("2025-03-01T16:30:00Z");
  expect(localDateTime(at, image({ "0008,0201": "+0900" }))).toEqual({ date: "20250302", time: "013000" });
  expect(localDateTime(at, image({ "0008,0201": "-0330" }))).toEqual({ date: "20250301", time: "130000" });
});

test("identity is copied as it is, and what is not known stays empty", () => {
  const identity = patientAndStudy(
    image({ "0010,0010": "김^철수", "0010,0020": "A\\B 1", "0020,000d": "1.2" }),
  );
  expect(identity).toMatchObject({
    PatientName: "김^철수",
    PatientID: "A\\B 1",
    PatientBirthDate: null,
    PatientSex: null,
    StudyInstanceUID: "1.2",
    AccessionNumber: null,
  });
});
