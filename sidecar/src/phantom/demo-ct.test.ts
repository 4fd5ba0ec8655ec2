import { expect, test } from "vitest";
import { acquireCt, CT_RESCALE_INTERCEPT } from "./acquire-ct.js";
import { axialGrid } from "./acquire.js";
import { createCtHead, type StrokePlan } from "./ct-head.js";
import { createDemoCt } from "./demo-ct.js";
import { createDemoStudy } from "./demo-study.js";

const small = { slices: 4, rows: 32, columns: 32 };
const centreMm = [-38, 4, 22] as const;

function meanHu(stroke: StrokePlan | "none", where: (inStroke: boolean) => boolean): number {
  const grid = axialGrid(12, 64, 64);
  const place = stroke === "none" ? ({ kind: "infarct", centreMm, radiusMm: 20 } as const) : stroke;
  const asked = acquireCt(createCtHead({ seed: 5, stroke: place }), grid, { seed: 5, noiseHu: 0 });
  const slices =
    stroke === "none" ? acquireCt(createCtHead({ seed: 5, stroke }), grid, { seed: 5, noiseHu: 0 }) : asked;
  const values = slices.flatMap(({ samples }, slice) =>
    [...samples]
      .filter((_, at) => where(asked[slice]?.stroke[at] === 1))
      .map((sample) => sample + CT_RESCALE_INTERCEPT),
  );
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

test("the demo CT is the same, byte for byte, each time, and a study of its own", () => {
  const [once, again] = [createDemoCt(small), createDemoCt(small)];
  expect(once.map(({ bytes }) => Buffer.from(bytes).toString("base64"))).toEqual(
    again.map(({ bytes }) => Buffer.from(bytes).toString("base64")),
  );
  expect(once[0]?.studyInstanceUid).not.toBe(createDemoStudy(small)[0]?.studyInstanceUid);
});

test("an infarct is darker and a haemorrhage brighter than the brain that was there", () => {
  const healthy = meanHu("none", (inStroke) => inStroke);
  expect(healthy).toBeGreaterThan(20);
  expect(healthy).toBeLessThan(40);
  expect(meanHu({ kind: "infarct", centreMm, radiusMm: 20 }, (inStroke) => inStroke)).toBeLessThan(
    healthy - 3,
  );
  expect(meanHu({ kind: "haemorrhage", centreMm, radiusMm: 20 }, (inStroke) => inStroke)).toBeGreaterThan(
    healthy + 15,
  );
});

test("a healthy head has no voxel of a stroke, air is at −1000 HU and bone bright", () => {
  const slices = acquireCt(createCtHead({ seed: 6, stroke: "none" }), axialGrid(6, 64, 64), {
    seed: 6,
    noiseHu: 0,
  });
  expect(slices.some(({ stroke }) => stroke.includes(1))).toBe(false);
  const values = slices.flatMap(({ samples }) => [...samples].map((sample) => sample + CT_RESCALE_INTERCEPT));
  expect(Math.min(...values)).toBe(-1000);
  expect(Math.max(...values)).toBeGreaterThan(800);
});
