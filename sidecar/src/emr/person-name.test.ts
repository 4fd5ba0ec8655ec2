import fc from "fast-check";
import { expect, test } from "vitest";
import { areWhollyDifferent, dicomPersonName, searchableName } from "./person-name.js";

test.each([
  ["Kim^Minjun", "KIM^MINJUN"],
  ["Kim^Minjun", "Kim^Min Jun"],
  ["Kim^Minjun", "Minjun^Kim"],
  ["Kim^Minjun=김^민준", "김민준"],
  ["김^민준", "김민준"],
  ["Kim^Minjun", "김^민준"],
  ["Müller^Jürgen", "Muller^J"],
  ["ＫＩＭ^Minjun", "Kim^M"],
  ["Kim^Soyeon", "Lee^Soyeon"],
  ["", "Kim^Minjun"],
])("%s and %s may be one person", (one, other) => {
  expect(areWhollyDifferent(one, other)).toBe(false);
});

test.each([
  ["Kim^Minjun", "Park^Jiwoo"],
  ["Kim^Minjun=김^민준", "Park^Jiwoo"],
  ["김^민준", "박^지우"],
  ["Kim^Minjun=김^민준", "Park^Jiwoo=박^지우"],
])("%s and %s cannot be", (one, other) => {
  expect(areWhollyDifferent(one, other)).toBe(true);
});

test("a name never differs from itself, and differing goes both ways", () => {
  const name = fc.string({ unit: "grapheme", maxLength: 30 });
  fc.assert(
    fc.property(name, name, (one, other) => {
      expect(areWhollyDifferent(one, one)).toBe(false);
      expect(areWhollyDifferent(one, other)).toBe(areWhollyDifferent(other, one));
    }),
  );
});

test("is written in the component groups of PN", () => {
  expect(dicomPersonName({ phonetic: { family: "김", given: "민준" } })).toBe("==김^민준");
  expect(
    dicomPersonName({
      alphabetic: { family: "Kim", given: "" },
      ideographic: { family: "金", given: "民俊" },
    }),
  ).toBe("Kim=金^民俊");
  expect(searchableName({ ideographic: { family: "김", given: "민준" } })).toBe("김 민준 김민준");
});
