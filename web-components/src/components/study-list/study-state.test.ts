import { expect, test } from "vitest";
import type { Study } from "../../studies/study.js";
import { analysisText, fhirText, renditionText } from "./study-state.js";

const study = (change: Partial<Study>): Study =>
  ({
    rendition: { pending: 0, rendered: 24, notRenderable: 2, failed: 0, dropped: 0 },
    analysis: "succeeded",
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

test("what is not synchronised is not called so", () => {
  expect(fhirText(study({ fhir: { state: "none" } }), "en").text).toBe("not yet synchronised");
  expect(analysisText(study({}), "ko").text).toBe("완료, 미판독");
});
