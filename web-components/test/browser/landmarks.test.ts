import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createDemoStudy } from "../../../sidecar/src/phantom/demo-study.js";
import { axialGrid } from "../../../sidecar/src/phantom/acquire.js";
import { segmentMasks, type SegmentMask } from "../../../sidecar/src/report-document/segment-masks.js";
import { enhancedStudy } from "../../../sidecar/test/stack/enhanced-study.js";
import { RunningStack } from "../../../sidecar/test/stack/running-stack.js";
import { Chromium } from "./chromium.js";
import { logInAsDoctor } from "./log-in.js";

/** The phantom's lesion: in the patient's left frontal lobe (mm, PS3.3 C.7.6.2). */
const LANDMARK = { centreMm: [32, -14, 22], radiusMm: 15 } as const;
/** What the model may be off. */
const TOLERANCE_MM = 4;
const SIDE = 256;

/** What the test reads of the viewer, behind its private door. */
interface ViewerUnderTest extends HTMLElement {
  readonly imageOnScreen?: { readonly sopInstanceUid: string; readonly index: number };
  readonly images: {
    readonly sopInstanceUid: string;
    readonly frameNumber: number;
    readonly position: readonly number[];
  }[];
  readonly stage: {
    readonly corners: Record<"topLeft" | "topRight" | "bottomLeft", readonly [number, number]>;
  };
  showImage(index: number): Promise<void>;
}

let stack: RunningStack;
let browser: Chromium;
let page: Page;
const classic = createDemoStudy({ rows: SIDE, columns: SIDE });
const classicUid = classic[0]?.studyInstanceUid ?? "";
const enhanced = enhancedStudy(81);

beforeAll(async () => {
  stack = await RunningStack.start({ settings: { NEURONOVA_STABLE_AFTER_SECONDS: "1" } });
  const events = await stack.events();
  await stack.storeOverWeb([...classic.map(({ bytes }) => bytes), enhanced.bytes]);
  await events.until("the analyses", () => events.of("analysis.succeeded").length === 2);
  events.close();
  browser = await Chromium.launch("en-US");
  page = await browser.page();
  await page.goto(`${stack.local.address}/`);
  await logInAsDoctor(page, stack);
  await page.waitForSelector("input[type=search]");
});

afterAll(async () => {
  await browser.close();
  await stack.stop();
});

/** The frames of the study's SEG as it is stored. */
async function masksOf(studyInstanceUid: string): Promise<SegmentMask[]> {
  const [instance] = await stack.orthancJson<string[]>("/tools/find", {
    method: "POST",
    body: JSON.stringify({
      Level: "Instance",
      Query: { StudyInstanceUID: studyInstanceUid, Modality: "SEG" },
    }),
  });
  const file = await stack.orthanc(`/instances/${instance ?? ""}/file`);
  return segmentMasks(new Uint8Array(await file.arrayBuffer()));
}

/** Shows the slice nearest to the landmark in our viewer; answers where it lies. */
async function showLandmark(): Promise<{ z: number; name: string }> {
  return page.evaluate(async (z) => {
    const find = () =>
      document
        .querySelector("neuronova-workspace")
        ?.shadowRoot?.querySelector<ViewerUnderTest>("neuronova-viewer");
    const viewer = find();
    if (!viewer) throw new Error("no viewer");
    const distance = (index: number) => Math.abs((viewer.images[index]?.position[2] ?? Infinity) - z);
    const index = [...viewer.images.keys()].reduce((best, next) =>
      distance(next) < distance(best) ? next : best,
    );
    await viewer.showImage(index);
    while (find()?.imageOnScreen?.index !== index) await new Promise((resolve) => setTimeout(resolve, 50));
    for (let frame = 0; frame < 3; frame++) await new Promise((resolve) => requestAnimationFrame(resolve));
    const { position = [], sopInstanceUid, frameNumber } = viewer.images[index] ?? {};
    return { z: position[2] ?? NaN, name: `${sopInstanceUid ?? ""} ${frameNumber ?? 0}` };
  }, LANDMARK.centreMm[2]);
}

/** Overlay pixels of our viewer in units of the image: 0 to 1 from its left and upper edge. */
function overlayPixels(): Promise<(readonly [number, number])[]> {
  return page.evaluate(() => {
    const viewer = document
      .querySelector("neuronova-workspace")
      ?.shadowRoot?.querySelector<ViewerUnderTest>("neuronova-viewer");
    const canvas = viewer?.shadowRoot?.querySelector<HTMLCanvasElement>(".overlay");
    const data = canvas?.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height).data;
    if (!viewer || !canvas || !data) throw new Error("no overlay");
    const { topLeft, topRight, bottomLeft } = viewer.stage.corners;
    const ratio = canvas.width / canvas.clientWidth;
    const found: (readonly [number, number])[] = [];
    for (let y = 0; y < canvas.height; y++)
      for (let x = 0; x < canvas.width; x++) {
        if ((data[4 * (y * canvas.width + x) + 3] ?? 0) === 0) continue;
        const [across, down] = [(x + 0.5) / ratio - topLeft[0], (y + 0.5) / ratio - topLeft[1]];
        found.push([across / (topRight[0] - topLeft[0]), down / (bottomLeft[1] - topLeft[1])]);
      }
    return found;
  });
}

/** The middle of pixels given in units of the image, in the patient's millimetres on the axial slice. */
function inPatient(pixels: readonly (readonly [number, number])[], side: number) {
  const grid = axialGrid(24, side, side);
  const points = pixels.map(([u, v]) => [
    grid.originMm[0] + (u * side - 0.5) * grid.columnSpacingMm,
    grid.originMm[1] + (v * side - 0.5) * grid.rowSpacingMm,
  ]);
  const mean = (axis: 0 | 1) => points.reduce((sum, point) => sum + (point[axis] ?? 0), 0) / points.length;
  return { xMm: mean(0), yMm: mean(1) };
}

test.each([
  ["a slice for each image", () => classicUid, SIDE],
  ["an Enhanced image of all slices", () => enhanced.studyInstanceUid as string, 128],
])("our viewer draws the lesion where the patient has it: %s", async (_, studyOf, side) => {
  await page.goto(`${stack.local.address}/viewer/${studyOf()}`);
  await page.waitForFunction(
    () =>
      document
        .querySelector("neuronova-workspace")
        ?.shadowRoot?.querySelector<ViewerUnderTest>("neuronova-viewer")?.imageOnScreen !== undefined,
    null,
    { timeout: 60_000 },
  );
  const { z, name } = await showLandmark();
  await expect.poll(async () => (await overlayPixels()).length, { timeout: 30_000 }).toBeGreaterThan(0);
  const seen = await overlayPixels();
  const { xMm, yMm } = inPatient(seen, side);
  expect(Math.abs(z - LANDMARK.centreMm[2])).toBeLessThan(2.6);
  expect(Math.hypot(xMm - LANDMARK.centreMm[0], yMm - LANDMARK.centreMm[1])).toBeLessThan(TOLERANCE_MM);
  // What is drawn is the stored mask of this very slice: its middle to half a pixel.
  const mask = (await masksOf(studyOf())).find(
    ({ sourceSopInstanceUid, sourceFrameIndex }) =>
      `${sourceSopInstanceUid} ${sourceFrameIndex + 1}` === name,
  );
  const stored = [...(mask?.pixels ?? [])].flatMap((value, at) =>
    value === 1 ? [[((at % side) + 0.5) / side, (Math.floor(at / side) + 0.5) / side] as const] : [],
  );
  const expected = inPatient(stored, side);
  expect(Math.hypot(xMm - expected.xMm, yMm - expected.yMm)).toBeLessThan(230.4 / side / 2);
  await Chromium.screenshot(page, `landmark-viewer-${side}`);
});

/** Coloured pixels of OHIF's picture in units of the image, which is square and fills the canvas one way. */
function colouredPixels(): Promise<(readonly [number, number])[]> {
  return page.evaluate(() => {
    const canvas = document.querySelector<HTMLCanvasElement>(".cornerstone-canvas");
    const copy = document.createElement("canvas");
    const context = copy.getContext("2d");
    if (canvas === null || context === null || canvas.width === 0) return [];
    [copy.width, copy.height] = [canvas.width, canvas.height];
    context.drawImage(canvas, 0, 0);
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    const side = Math.min(canvas.width, canvas.height);
    const found: (readonly [number, number])[] = [];
    for (let y = 0; y < canvas.height; y++)
      for (let x = 0; x < canvas.width; x++) {
        const at = 4 * (y * canvas.width + x);
        if ((data[at] ?? 0) - (data[at + 2] ?? 0) < 40) continue;
        found.push([
          (x + 0.5 - (canvas.width - side) / 2) / side,
          (y + 0.5 - (canvas.height - side) / 2) / side,
        ]);
      }
    return found;
  });
}

test("OHIF draws the lesion where the patient has it", async () => {
  await page.goto(`${stack.local.address}/ohif/viewer?StudyInstanceUIDs=${classicUid}`);
  await page
    .getByText("Skip all")
    .click({ timeout: 60_000 })
    .catch(() => undefined); // the tour is shown once in a profile
  const segmentation = page.locator('[data-cy="study-browser-thumbnail-no-image"]', { hasText: /^SEG/ });
  await segmentation.dblclick({ timeout: 60_000 });
  await page.locator('[data-cy="yes-hydrate-btn"]').waitFor({ timeout: 60_000 });
  await expect.poll(async () => (await colouredPixels()).length, { timeout: 60_000 }).toBeGreaterThan(100);
  await Chromium.screenshot(page, "landmark-ohif");
  // It goes to a slice of the segment by itself, and says which one.
  const shown = await page.locator('[data-cy="viewport-overlay-bottom-right"]').innerText();
  const instanceNumber = Number(/I:\s*(\d+)/.exec(shown)?.[1]);
  const sopInstanceUid = classic[instanceNumber - 1]?.sopInstanceUid;
  const mask = (await masksOf(classicUid)).find((one) => one.sourceSopInstanceUid === sopInstanceUid);
  const stored = [...(mask?.pixels ?? [])].flatMap((value, at) =>
    value === 1 ? [[((at % SIDE) + 0.5) / SIDE, (Math.floor(at / SIDE) + 0.5) / SIDE] as const] : [],
  );
  const [seen, expected] = [inPatient(await colouredPixels(), SIDE), inPatient(stored, SIDE)];
  expect(Math.hypot(seen.xMm - expected.xMm, seen.yMm - expected.yMm)).toBeLessThan(1);
  expect(Math.hypot(seen.xMm - LANDMARK.centreMm[0], seen.yMm - LANDMARK.centreMm[1])).toBeLessThan(
    LANDMARK.radiusMm,
  );
});
