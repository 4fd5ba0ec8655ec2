import { expect, test } from "vitest";
import type { StudyDirectory } from "../authorization/study-directory.js";
import { kindOfSearch, studiesFound, studiesNamed } from "./search-record.js";

test.each([
  ["", "searchStudies"],
  ["limit=5&includefield=all&PatientName=*", "searchStudies"],
  ["PatientName=Hers*", "searchStudies by PatientName"],
  ["00100010=Hers*&studydate=20200101-", "searchStudies by PatientName, StudyDate"],
  ["0020000D=1.2&PatientID=P-1&patientid=P-1", "searchStudies by PatientID, StudyInstanceUID"],
  ["constructor=x&Kim^Patient=1&__proto__=2", "searchStudies"],
])("a search for %j is recorded as %j", (query, kind) => {
  expect(kindOfSearch("searchStudies", query)).toBe(kind);
});

test("what was found names each study once", () => {
  const of = (uid: unknown) => ({ "0020000D": { Value: [uid] } });
  expect(studiesFound([of("1.2"), of("1.3"), of("1.2"), {}, of(7)])).toEqual(["1.2", "1.3"]);
});

test("a search names the studies of its identifiers, unless they are many or it cannot be read", async () => {
  const asked: unknown[] = [];
  const directory = (found: readonly string[]) =>
    ({
      uidsWithin: (_filter: unknown, narrowing: { studyInstanceUid?: string }) => {
        asked.push(narrowing);
        const { studyInstanceUid } = narrowing;
        return Promise.resolve(
          found.filter((uid) => studyInstanceUid === undefined || uid === studyInstanceUid),
        );
      },
    }) as unknown as StudyDirectory;
  const named = (query: string, found: readonly string[] = ["1.2"]) => studiesNamed(query, directory(found));
  expect(await named("PatientID=P-1")).toEqual(["1.2"]);
  expect(asked).toEqual([{ patientId: "P-1" }]);
  // A study that there is not was not shown.
  expect(await named("StudyInstanceUID=1.2.3,1.2,1.2.3&PatientID=P-1")).toEqual(["1.2"]);
  expect(await named("PatientName=Hers&StudyDate=20200101")).toEqual([]);
  expect(await named("PatientID=P-*")).toEqual([]);
  expect(await named("PatientID=P-1&limit=many")).toEqual([]);
  const many = Array.from({ length: 51 }, (_, index) => `1.${index}`);
  expect(await named("AccessionNumber=A", many)).toEqual([]);
});
