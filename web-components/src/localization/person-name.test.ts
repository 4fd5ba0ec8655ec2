import { expect, test } from "vitest";
import { dicomDate, personName } from "./person-name.js";

const KOREAN = "Hong^Gildong=洪^吉洞=홍^길동";

test("a Korean reader sees Hangul and Hanja, another the alphabetic name", () => {
  expect(personName(KOREAN, "ko")).toBe("홍길동 (洪吉洞)");
  expect(personName(KOREAN, "en")).toBe("Hong, Gildong");
});

test("whatever groups are missing, a name is shown", () => {
  expect(personName("Doe^Jane^^Dr", "ko")).toBe("Doe, Dr Jane");
  expect(personName("=洪^吉洞", "en")).toBe("洪吉洞");
  expect(personName("", "ko")).toBe("");
});

test("a date is written for the reader, what is no date is left as it is", () => {
  expect(dicomDate("20250301", "ko")).toBe("2025. 3. 1.");
  expect(dicomDate("2025", "en")).toBe("2025");
});
