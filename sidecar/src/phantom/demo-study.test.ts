import { describe, expect, test } from "vitest";
import { acquireSlice, axialGrid } from "./acquire.js";
import { createDemoStudy } from "./demo-study.js";
import { createHead } from "./head.js";

const small = { slices: 4, rows: 32, columns: 32 };

describe("the demo study", () => {
  test("is the same, byte for byte, each time", () => {
    const [once, again] = [createDemoStudy(small), createDemoStudy(small)];
    expect(once.map(({ bytes }) => Buffer.from(bytes).toString("base64"))).toEqual(
      again.map(({ bytes }) => Buffer.from(bytes).toString("base64")),
    );
  });

  test("has UIDs of its own for each seed and each patient", () => {
    const uids = [
      createDemoStudy(small),
      createDemoStudy({ ...small, seed: 2 }),
      createDemoStudy({
        ...small,
        patient: { name: "Kim^Yuna", id: "DEMO-2", birthDate: "19800101", sex: "F" },
      }),
    ].flatMap((files) => files.map(({ sopInstanceUid }) => sopInstanceUid));
    expect(new Set(uids).size).toBe(12);
  });

  test("gives each series its own Series Instance UID in one study", () => {
    const files = createDemoStudy({ ...small, seriesCount: 2 });
    expect(files).toHaveLength(8);
    expect(new Set(files.map(({ seriesInstanceUid }) => seriesInstanceUid)).size).toBe(2);
    expect(new Set(files.map(({ studyInstanceUid }) => studyInstanceUid)).size).toBe(1);
  });

  test("has its lesion on the patient's left, the nose in front", () => {
    const head = createHead({ seed: 1, lesion: { centreMm: [32, -14, 22], radiusMm: 15 } });
    const grid = axialGrid(24, 64, 64);
    const columnsOfLesion = [...acquireSlice(head, grid, 14, { seed: 1 }).lesion].flatMap((label, at) =>
      label === 1 ? [at % 64] : [],
    );
    expect(columnsOfLesion.length).toBeGreaterThan(20);
    expect(Math.min(...columnsOfLesion)).toBeGreaterThan(31);
    const { samples } = acquireSlice(head, grid, 0, { seed: 1, noise: 0 });
    const brightRows = [...samples].flatMap((sample, at) => (sample > 400 ? [Math.floor(at / 64)] : []));
    const firstRow = (brightRows[0] ?? 0) * 64 + 64;
    const noseWidth = samples.subarray(firstRow, firstRow + 64).filter((sample) => sample > 400);
    expect(noseWidth.length).toBeLessThan(10);
  });
});

test("a healthy head has no lesion voxel", () => {
  const head = createHead({ seed: 4, lesion: "none" });
  const grid = axialGrid(6, 48, 48);
  for (let index = 0; index < 6; index++) {
    expect(acquireSlice(head, grid, index, { seed: 4 }).lesion.includes(1)).toBe(false);
  }
});
