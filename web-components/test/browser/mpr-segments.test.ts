import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { axialGrid, type AcquisitionGrid } from "../../../sidecar/src/phantom/acquire.js";
import { pixelCentre } from "../../../sidecar/test/validators/landmark-series.js";
import { readSegmentation } from "../../src/segmentation/read-segmentation.js";
import { RunningStack } from "../../../sidecar/test/stack/running-stack.js";
import { Chromium } from "./chromium.js";
import { labelAt, landmarkStudy, type Landmarks } from "./landmark-segments.js";
import { logInAsDoctor } from "./log-in.js";

/** Voxels of 1.8 × 2.4 × 5 mm. */
const AXIAL = axialGrid(24, 96, 128);
/** The same voxels, acquired from the front to the back. */
const CORONAL: AcquisitionGrid = {
  ...AXIAL,
  originMm: [-114.3, -60, 110],
  columnDirection: [0, 0, -1],
  sliceDirection: [0, 1, 0],
};

/** An L that ends with one arm, on six slices, and a block on three of them: of 24 slices the others have no frame. */
const landmarks: Landmarks = (column, row, slice) => {
  const isUpright = column >= 70 && column <= 77 && row >= 30 && row <= 60;
  const isAcross = column >= 70 && column <= 100 && row >= 30 && row <= 37 && slice <= 11;
  if (slice >= 8 && slice <= 13 && (isUpright || isAcross)) return 1;
  return slice >= 10 && slice <= 12 && column >= 20 && column <= 30 && row >= 58 && row <= 64 ? 2 : 0;
};
/** In both arms of the L. */
/** Slice, row, column. */
const IN_L = [10, 34, 73] as const;

interface Sample {
  readonly plane: string;
  readonly point: readonly [number, number, number];
  readonly right: readonly number[];
  readonly down: readonly number[];
  readonly rgba: readonly number[];
}
interface MprUnderTest extends HTMLElement {
  readonly panes: readonly {
    readonly view: { readonly name: string; readonly right: number[]; readonly down: number[] };
    toPatient(point: readonly [number, number]): readonly [number, number, number] | undefined;
  }[];
  readonly updateComplete: Promise<boolean>;
  point?: readonly number[];
}

const studies = {
  "axial slices": { grid: AXIAL, ...landmarkStudy(901, AXIAL, landmarks) },
  "coronal slices": { grid: CORONAL, ...landmarkStudy(902, CORONAL, landmarks) },
};
/** As the SEG recommends them. */
const COLOURS = readSegmentation(studies["axial slices"].segmentation).segments.map(
  ({ colorRgb }) => colorRgb,
);
let stack: RunningStack;

beforeAll(async () => {
  stack = await RunningStack.start({ settings: { NEURONOVA_STABLE_AFTER_SECONDS: "3600" } });
  const events = await stack.events();
  const images = Object.values(studies).flatMap(({ files }) => files);
  await stack.storeOverWeb([
    ...images.map(({ bytes }) => bytes),
    ...Object.values(studies).map(({ segmentation }) => segmentation),
  ]);
  await events.until("renditions", () => events.of("instance.rendered").length >= images.length);
  events.close();
});

afterAll(() => stack.stop());

/** Logs in if need be, opens the planes of a study and chooses its segmentation. */
async function openPlanes(page: Page, study: string): Promise<void> {
  await page.goto(`${stack.local.address}/viewer/${study}`);
  const button = page.getByRole("button", { name: "MPR" });
  await button.or(page.locator("input[name=username]")).first().waitFor({ timeout: 60_000 });
  if (!(await button.isVisible())) await logInAsDoctor(page, stack);
  await page.locator("[data-slice]").waitFor({ timeout: 60_000 });
  await button.click();
  await page.locator("[data-place=axial]").waitFor({ timeout: 60_000 });
  const chooser = page.getByRole("combobox", { name: "Segmentations" });
  await chooser.selectOption({ index: 1 });
  await page.getByText("Landmark 2", { exact: true }).waitFor();
}

/** What is drawn over the planes through a point, or over those that are there. */
function samples(page: Page, through?: readonly number[]): Promise<Sample[]> {
  return page.locator("neuronova-mpr").evaluate(async (element, point) => {
    const mpr = element as unknown as MprUnderTest;
    if (point !== null) mpr.point = point;
    await new Promise((resolve) => requestAnimationFrame(resolve));
    while (!(await mpr.updateComplete));
    return mpr.panes.flatMap((pane) => {
      const { name: plane, right, down } = pane.view;
      const overlay = mpr.shadowRoot?.querySelector<HTMLCanvasElement>(`[data-plane=${plane}] .overlay`);
      const data = overlay?.getContext("2d")?.getImageData(0, 0, overlay.width, overlay.height).data;
      if (!overlay || !data) throw new Error("no overlay");
      const ratio = overlay.width / overlay.clientWidth;
      const found: Sample[] = [];
      for (let y = 0; y < overlay.height; y += 5)
        for (let x = 0; x < overlay.width; x += 5) {
          const at = pane.toPatient([(x + 0.5) / ratio, (y + 0.5) / ratio]);
          const from = 4 * (y * overlay.width + x);
          if (at !== undefined)
            found.push({ plane, point: at, right, down, rgba: [...data.subarray(from, from + 4)] });
        }
      return found;
    });
  }, through ?? null);
}

/** The segment whose recommended colour was drawn there; 0 for none. */
function drawnAt({ rgba: [red = 0, green = 0, blue = 0, alpha = 0] }: Sample): number {
  if (alpha === 0) return 0;
  const isOf = (colour: readonly number[]) =>
    [red, green, blue].every((value, channel) => Math.abs(value - (colour[channel] ?? NaN)) <= 4);
  return COLOURS.findIndex(isOf) + 1 || NaN;
}

const count = (seen: readonly Sample[], plane: string, segment: number) =>
  seen.filter((sample) => sample.plane === plane && drawnAt(sample) === segment).length;
const PLANES = ["axial", "sagittal", "coronal"];

describe.each([
  ["axial slices", true],
  ["coronal slices", false],
] as const)("segments on reformatted planes of %s, with WebGL: %s", (name, webgl) => {
  const { grid, study } = studies[name];
  let browser: Chromium;
  let page: Page;

  beforeAll(async () => {
    browser = await Chromium.launch("en-US", { webgl });
    page = await browser.page();
    await openPlanes(page, study);
  });

  afterAll(() => browser.close());

  test("lie where the patient has them, within a voxel, in the colours of the SEG", async () => {
    const seen = await samples(page, pixelCentre(grid, ...IN_L));
    // A pixel of a plane has what lies in its middle: no more than half of 1.8 mm away.
    const reach = [-1, 0, 1];
    const misplaced = seen.filter((sample) => {
      const { point, right, down } = sample;
      const around = reach.flatMap((u) =>
        reach.map((v) => {
          const moved = (axis: 0 | 1 | 2) => point[axis] + u * (right[axis] ?? 0) + v * (down[axis] ?? 0);
          return labelAt(grid, landmarks, [moved(0), moved(1), moved(2)]);
        }),
      );
      return !around.includes(drawnAt(sample));
    });
    expect(misplaced).toEqual([]);
    for (const plane of PLANES) {
      const wanted = seen.filter(
        (sample) => sample.plane === plane && labelAt(grid, landmarks, sample.point) === 1,
      ).length;
      expect(wanted, plane).toBeGreaterThan(20);
      expect(count(seen, plane, 1) / wanted, plane).toBeGreaterThan(0.8);
      expect(count(seen, plane, 1) / wanted, plane).toBeLessThan(1.2);
    }
    expect(await page.locator(".pane .ai-label").allInnerTexts()).toEqual(
      PLANES.map(() => expect.stringContaining("Landmark 1") as string),
    );
    await Chromium.screenshot(page, `mpr-segments-${name.replace(" ", "-")}${webgl ? "" : "-cpu"}`);
  });

  const visibility = (label: string) =>
    page.locator("label.segment", { hasText: label }).getByRole("checkbox");

  test("are gone to from the list, hidden one by one, and planes without any say nothing of them", async () => {
    await page.getByRole("button", { name: /^Landmark 2/ }).click();
    const label = async () => {
      const through = await page
        .locator("neuronova-mpr")
        .evaluate((element) => (element as unknown as MprUnderTest).point ?? []);
      const [x = NaN, y = NaN, z = NaN] = through;
      return labelAt(grid, landmarks, [x, y, z]);
    };
    await expect.poll(label).toBe(2);
    const both = await samples(page);
    for (const plane of PLANES) expect(count(both, plane, 2), plane).toBeGreaterThan(3);
    // The plane that was acquired has both.
    const acquired = name === "axial slices" ? "axial" : "coronal";
    expect(count(both, acquired, 1)).toBeGreaterThan(20);
    await visibility("Landmark 1").uncheck();
    const hidden = await samples(page);
    expect(PLANES.map((plane) => count(hidden, plane, 1))).toEqual([0, 0, 0]);
    expect(count(hidden, acquired, 2)).toBe(count(both, acquired, 2));
    await visibility("Landmark 2").uncheck();
    expect((await samples(page)).filter((sample) => drawnAt(sample) !== 0)).toEqual([]);
    expect(await page.locator(".pane .ai-label").count()).toBe(0);
    await visibility("Landmark 2").check();
    await visibility("Landmark 1").check();
    // Slices beside the SEG's have nothing, however near.
    const beside = await samples(page, pixelCentre(grid, 14, 34, 73));
    expect(count(beside, acquired, 1)).toBe(0);
    expect(browser.complaints.filter((complaint) => /policy|uncaught/i.test(complaint))).toEqual([]);
  });
});
