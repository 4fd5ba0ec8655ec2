import { describe, expect, test } from "vitest";
import { isTakenByOrthanc, parseSearchQuery } from "./search-query.js";

describe("the query of a search", () => {
  test("is taken apart: the study, what narrows, what the archive is asked", () => {
    expect(
      parseSearchQuery(
        "StudyInstanceUID=1.2,1.3&PatientID=P-1&StudyDate=20240101-20241231&limit=5&offset=2&includefield=all&00080061=MR",
      ),
    ).toEqual({
      studyInstanceUids: ["1.2", "1.3"],
      narrowing: { patientId: "P-1", studyDateFrom: "20240101", studyDateTo: "20241231" },
      rest: [
        ["PatientID", "P-1"],
        ["StudyDate", "20240101-20241231"],
        ["includefield", "all"],
        ["00080061", "MR"],
      ],
      limit: 5,
      offset: 2,
    });
  });

  test("with wild cards narrows nothing: the archive judges them", () => {
    expect(parseSearchQuery("PatientID=P*&PatientName=%ED%99%8D*").narrowing).toEqual({});
    expect(parseSearchQuery("PatientName=%ED%99%8D%5E*").rest).toEqual([["PatientName", "홍^*"]]);
  });

  test.each([
    ["a study named twice", "StudyInstanceUID=1.2&0020000D=1.3"],
    ["a study named twice, encoded", "%53tudyInstanceUID=1.2&0020000d=1.3"],
    ["a study that is no UID", "StudyInstanceUID=1.2*"],
    ["a path for a study", "StudyInstanceUID=../1.2"],
    ["a method override", "_method=DELETE"],
    ["an encoded method override", "%5Fmethod=DELETE"],
    ["a name with an ampersand inside", "Patient%26ID=1"],
    ["a limit that is no number", "limit=-1"],
  ])("with %s is refused", (_name, query) => {
    expect(() => parseSearchQuery(query)).toThrow(/cannot be read/);
  });
});

test.each([
  ["", true],
  ["PatientName=Hong^G*&limit=10&offset=0", true],
  ["PatientName=Hong%5EG*", false],
  ["PatientName=Hong+G", false],
  ["limit=-1", false],
  ["PatientID=1&offset=x", false],
  ["limit=1234567890", false],
  ["Limit=", false],
])("%j is taken by Orthanc as it is written: %j", (query, taken) => {
  expect(isTakenByOrthanc(query)).toBe(taken);
});
