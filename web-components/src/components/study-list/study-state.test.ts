import { expect, test } from "vitest";
import type { Study } from "../../studies/study.js";
import { analysisText, fhirText, renditionText } from "./study-state.js";

const study = (change: Partial<Study>): Study =>
  ({
    rendition: { pending: 0, rendered: 24, notRenderable: 2, failed: 0, dropped: 0 },
    analysis: "succeeded",
    review: { state: "unreviewed", decisions: [] },
    fhir: { state: "synchronised" },
    ...change,
  }) as Study;

test("a study that is ready says so, and how many images are shown as stored", () => {
  expect(renditionText(study({}), "en")).toEqual({
    text: "ready",
    tone: "good",
    detail: "2 shown as stored",
  });
});

test("a failure is never hidden behind progress", () => {
  expect(
    renditionText(
      study({ rendition: { pending: 3, rendered: 1, notRenderable: 0, failed: 1, dropped: 0 } }),
      "en",
    ),
  ).toMatchObject({ tone: "bad" });
  expect(fhirText(study({ fhir: { state: "failed", reason: "fhir-refused" } }), "en")).toMatchObject({
    tone: "bad",
    detail: "fhir-refused",
  });
});

test("a study says when it was synchronised, or since when a change of it waits, in both languages", () => {
  const at = "2026-01-02T03:04:05.000Z";
  expect(fhirText(study({ fhir: { state: "synchronised", at } }), "en").detail).toMatch(
    /^at 1\/\d\/26, .*04:05/,
  );
  const waiting = study({ fhir: { state: "waiting", since: at } });
  expect(fhirText(waiting, "en")).toMatchObject({ text: "not yet synchronised", tone: "warn" });
  expect(fhirText(waiting, "en").detail).toMatch(/^waiting since 1\/\d\/26, .*04:05/);
  expect(fhirText(waiting, "ko").detail).toMatch(/^26\. 1\. .*부터 대기 중$/);
});

test("what is not synchronised is not called so", () => {
  expect(fhirText(study({ fhir: { state: "none" } }), "en").text).toBe("not yet synchronised");
  expect(analysisText(study({}), "ko").text).toBe("완료, 미판독");
});

test("a study whose results people decided about says what they decided, and whether some are left", () => {
  const reviewed = study({ review: { state: "reviewed", decisions: ["accepted"] } });
  expect(analysisText(reviewed, "ko")).toEqual({ text: "AI, 승인됨", tone: "good" });
  const both = study({ review: { state: "reviewed", decisions: ["edited", "rejected"] } });
  expect(analysisText(both, "en")).toEqual({ text: "AI, corrected · AI, rejected", tone: "warn" });
  const partly = study({ review: { state: "partly-reviewed", decisions: ["rejected"] } });
  expect(analysisText(partly, "en")).toEqual({
    text: "done, partly reviewed",
    tone: "warn",
    detail: "AI, rejected",
  });
  expect(analysisText({ ...partly, analysis: "running" }, "en").text).toBe("running");
});
