import { expect, test } from "vitest";
import { decimalString, writePart10File } from "./part10-file.js";

test.each([
  [0, "0"],
  [0.9, "0.9"],
  [-114.75, "-114.75"],
  [1 / 3, "0.33333333333333"],
  [-1 / 3, "-0.3333333333333"],
  [-1 / 3e5, "-0.0000033333333"],
  [1e22 / 3, "3.33333333333e+21"],
  [-1e300 / 3, "-3.33333333e+299"],
])("%d as a decimal string has at most 16 characters and as many digits as fit", (value, text) => {
  expect(decimalString(value).length).toBeLessThanOrEqual(16);
  expect(Number(decimalString(value)) / (value || 1)).toBeCloseTo(Number(text) / (value || 1), 6);
});

test("an attribute that PS3.6 does not have is refused, not dropped", () => {
  expect(() =>
    writePart10File({
      SpecificCharacterSet: "ISO_IR 192",
      SOPClassUID: "1.2",
      SOPInstanceUID: "1.2.3",
      PatientsName: "misspelt",
    }),
  ).toThrow(/PatientsName/);
});

test("text is UTF-8, and says so", () => {
  const identity = {
    SOPClassUID: "1.2",
    SOPInstanceUID: "1.2.3",
    PatientName: "Hong^Gildong=洪^吉洞=홍^길동",
  };
  const file = Buffer.from(writePart10File({ SpecificCharacterSet: "ISO_IR 192", ...identity }));
  expect(file.includes(Buffer.from("홍^길동", "utf8"))).toBe(true);
  expect(() => writePart10File({ SpecificCharacterSet: "ISO 2022 IR 149", ...identity })).toThrow(/UTF-8/);
});
