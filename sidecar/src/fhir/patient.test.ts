import { expect, test } from "vitest";
import { fhirDate } from "./date.js";
import { namesOf } from "./patient.js";

test("a Korean name keeps its three component groups", () => {
  const names = namesOf("Hong^Gildong=洪^吉洞=홍^길동");
  expect(names.map(({ family, given, extension }) => [family, given, extension?.[0]?.valueCode])).toEqual([
    ["Hong", ["Gildong"], "ABC"],
    ["洪", ["吉洞"], "IDE"],
    ["홍", ["길동"], "SYL"],
  ]);
  expect(names[2]?.text).toBe("홍길동");
});

test("an empty name is no name", () => {
  expect(namesOf("")).toEqual([]);
  expect(namesOf("^^=")).toEqual([]);
});

test("only a date of the calendar is a date", () => {
  expect(fhirDate("20240229")).toBe("2024-02-29");
  expect(fhirDate("20230229")).toBeUndefined();
  expect(fhirDate("2024")).toBeUndefined();
  expect(fhirDate("")).toBeUndefined();
});
