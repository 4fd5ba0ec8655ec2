import { expect, test } from "vitest";
import { createLogger, scrub, scrubText } from "./log.js";
import { withTrace } from "./tracing/active-trace.js";

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

test("a line says the trace of the work that it is about, and none where there is none", async () => {
  const lines: string[] = [];
  const log = createLogger("info", "test", { write: (line) => void lines.push(line) });
  const context = { traceId: "ab".repeat(16), spanId: "cd".repeat(8), sampled: true };
  log.info("before");
  await withTrace(context, async () => {
    await Promise.resolve();
    log.info({ instance: "x" }, "within");
  });
  log.info("after");
  expect(lines.map((line) => (JSON.parse(line) as { trace_id?: string }).trace_id)).toEqual([
    undefined,
    context.traceId,
    undefined,
  ]);
  expect(JSON.parse(lines[1] ?? "")).toMatchObject({ span_id: context.spanId, instance: "x" });
});
