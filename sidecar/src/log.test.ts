import { expect, test } from "vitest";
import { scrub, scrubText } from "./log.js";

const TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl";

test("tokens and passwords in URLs are removed from any text", () => {
  expect(scrubText(`Bearer ${TOKEN} was refused`)).toBe("Bearer [token] was refused");
  expect(scrubText("connect mysql://me:hush@db/x")).toBe("connect mysql://[credentials]@db/x");
});

test("patient identity is hidden at any depth", () => {
  const logged = JSON.stringify(
    scrub({ study: { patientName: "Hong^Gildong", series: [{ PatientID: "P1", modality: "MR" }] } }),
  );
  expect(logged).not.toMatch(/Hong|P1/);
  expect(logged).toContain("MR");
});

test("an error keeps its code and where it was thrown, not the token in its message", () => {
  const error = Object.assign(new Error(`refused ${TOKEN}`), { code: "token-invalid" });
  expect(scrub(error)).toMatchObject({ message: "refused [token]", code: "token-invalid" });
});

test("a database fault says its code only: its message repeats values", () => {
  const error = Object.assign(new Error("Duplicate entry 'Hong^Gildong' for key"), {
    name: "SequelizeUniqueConstraintError",
    original: { code: "ER_DUP_ENTRY" },
  });
  expect(JSON.stringify(scrub(error))).not.toContain("Hong");
  expect(scrub(error)).toMatchObject({ message: "database fault ER_DUP_ENTRY" });
});
