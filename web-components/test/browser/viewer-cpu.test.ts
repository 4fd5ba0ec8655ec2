import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createDemoStudy } from "../../../sidecar/src/phantom/demo-study.js";
import { RunningStack } from "../../../sidecar/test/stack/running-stack.js";
import { Chromium } from "./chromium.js";
import { imageNumbers, inViewer, openViewer, until } from "./viewer-page.js";

/** A browser without WebGL, as on a virtual desktop. */
const SIZE = 128;
let stack: RunningStack;
let browser: Chromium;
let page: Page;
const files = createDemoStudy({
  seed: 66,
  slices: 8,
  rows: SIZE,
  columns: SIZE,
  lesion: { centreMm: [30, 0, 12], radiusMm: 16 },
});

beforeAll(async () => {
  stack = await RunningStack.start({ settings: { NEURONOVA_STABLE_AFTER_SECONDS: "1" } });
  const events = await stack.events();
  await stack.storeOverWeb(files.map(({ bytes }) => bytes));
  await events.until("the result", () => events.of("analysis.succeeded").length === 1);
  events.close();
  browser = await Chromium.launch("en-US", { webgl: false });
  page = await browser.page();
  await openViewer(page, stack, files[0]?.studyInstanceUid ?? "");
});

afterAll(async () => {
  await browser.close();
  await stack.stop();
});

test("there is no WebGL, and the viewer says so", async () => {
  expect(await page.evaluate(() => document.createElement("canvas").getContext("webgl2"))).toBeNull();
  await page.getByText("Shown without graphics acceleration").waitFor();
});

test("the image has the stored pixels through the window, each where it belongs", async () => {
  await inViewer(page, (viewer) => {
    viewer.interpolation = "nearest";
  });
  await page.locator(".stage").focus();
  await page.keyboard.press("Home");
  await expect.poll(() => imageNumbers(page)).toEqual([1]);
  await until(page, (viewer) => viewer.imageOnScreen?.complete === true);
  const sop = await inViewer(page, (viewer) => viewer.imageOnScreen?.sopInstanceUid);
  const file = files.find(({ sopInstanceUid }) => sopInstanceUid === sop);
  const stored = new Uint16Array(Uint8Array.from(file?.bytes.subarray(-SIZE * SIZE * 2) ?? []).buffer);
  const { window, levels } = await inViewer(
    page,
    ({ stage, shadowRoot }, size) => {
      const canvas = shadowRoot?.querySelector<HTMLCanvasElement>(".canvas canvas");
      const context = canvas?.getContext("2d");
      const ratio = (canvas?.width ?? 0) / (canvas?.clientWidth ?? 1);
      const seen: number[] = [];
      for (let at = 0; at < size * size; at += 1) {
        const [x, y] = stage?.map?.toScreen([(at % size) + 0.5, Math.floor(at / size) + 0.5]) ?? [0, 0];
        seen.push(context?.getImageData(Math.floor(x * ratio), Math.floor(y * ratio), 1, 1).data[0] ?? -1);
      }
      return { window: stage?.window, levels: seen };
    },
    SIZE,
  );
  const [lower, upper] = [window?.lower ?? 0, window?.upper ?? 1];
  const wrong = levels.filter((level, at) => {
    const grey = Math.min(255, Math.max(0, (((stored[at] ?? 0) - lower) / (upper - lower)) * 255));
    return Math.abs(grey - level) > 3;
  });
  expect(wrong.length / levels.length).toBeLessThan(0.01);
});

test("segments are drawn over it all the same", async () => {
  await page.getByRole("button", { name: "Go to its largest image" }).click();
  await page.locator(".ai-label").waitFor();
  const painted = await inViewer(page, ({ shadowRoot }) => {
    const overlay = shadowRoot?.querySelector<HTMLCanvasElement>(".overlay");
    const data = overlay?.getContext("2d")?.getImageData(0, 0, overlay.width, overlay.height).data ?? [];
    let count = 0;
    for (let at = 3; at < data.length; at += 4) if ((data[at] ?? 0) > 0) count += 1;
    return count;
  });
  expect(painted).toBeGreaterThan(500);
  await Chromium.screenshot(page, "viewer-cpu");
});

/** Pixels that are drawn over the three planes, and the strongest of them, 0 to 255. */
function overPlanes() {
  return page.locator("neuronova-mpr").evaluate(({ shadowRoot }) => {
    const seen = { pixels: 0, strongest: 0 };
    for (const overlay of shadowRoot?.querySelectorAll<HTMLCanvasElement>(".overlay") ?? []) {
      const data = overlay.getContext("2d")?.getImageData(0, 0, overlay.width, overlay.height).data ?? [];
      for (let at = 3; at < data.length; at += 4) {
        if ((data[at] ?? 0) > 0) seen.pixels += 1;
        seen.strongest = Math.max(seen.strongest, data[at] ?? 0);
      }
    }
    return seen;
  });
}

test("reformatted planes have them too, as outlines and as strong as the reader wants", async () => {
  await page.getByRole("button", { name: "MPR" }).click();
  await page.locator("[data-place=axial]").waitFor();
  await page.getByRole("button", { name: "Go to its largest image" }).click();
  await expect.poll(() => page.locator(".pane .ai-label").count()).toBe(3);
  expect(await page.locator(".pane .ai-label").first().innerText()).toContain("AI, not reviewed");
  const filled = await overPlanes();
  expect(filled.pixels).toBeGreaterThan(1000);
  expect(Math.abs(filled.strongest - 128)).toBeLessThan(3);
  await page.getByLabel("Opacity").fill("100");
  await expect.poll(async () => (await overPlanes()).strongest).toBe(255);
  await page.getByLabel("Outline only").check();
  await expect.poll(async () => (await overPlanes()).pixels).toBeLessThan(filled.pixels / 2);
  expect((await overPlanes()).pixels).toBeGreaterThan(100);
  await Chromium.screenshot(page, "mpr-segments-outline-cpu");
  await page.getByLabel("Outline only").uncheck();
  await page.getByRole("button", { name: "1×1" }).click();
  expect(browser.complaints.filter((complaint) => /policy|uncaught/i.test(complaint))).toEqual([]);
});
