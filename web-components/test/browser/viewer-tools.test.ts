import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createDemoCt } from "../../../sidecar/src/phantom/demo-ct.js";
import { createDemoStudy } from "../../../sidecar/src/phantom/demo-study.js";
import { RunningStack } from "../../../sidecar/test/stack/running-stack.js";
import { Chromium } from "./chromium.js";
import { imageNumbers, inViewer, openViewer, until } from "./viewer-page.js";

const SIDE = 128;
let stack: RunningStack;
let browser: Chromium;
let page: Page;
const ct = createDemoCt({ seed: 62, slices: 8, rows: SIDE, columns: SIDE, stroke: "none" });
const mr = createDemoStudy({ seed: 63, slices: 4, rows: SIDE, columns: SIDE, lesion: "none" });

beforeAll(async () => {
  stack = await RunningStack.start();
  const events = await stack.events();
  const files = [...ct, ...mr];
  await stack.storeOverWeb(files.map(({ bytes }) => bytes));
  await events.until("renditions", () => events.of("instance.rendered").length === files.length);
  events.close();
  browser = await Chromium.launch("en-US");
  page = await browser.page();
  await openViewer(page, stack, ct[0]?.studyInstanceUid ?? "");
});

afterAll(async () => {
  await browser.close();
  await stack.stop();
});

/** Where a point of the image lies on the page. */
async function onPage(point: readonly [number, number]): Promise<{ x: number; y: number }> {
  const { x, y } = (await page.locator(".stage").first().boundingBox()) ?? { x: NaN, y: NaN };
  const [right, down] = (await inViewer(page, (viewer, at) => viewer.stage?.map?.toScreen(at), point)) ?? [
    NaN,
    NaN,
  ];
  return { x: x + right, y: y + down };
}

async function drag(...points: (readonly [number, number])[]): Promise<void> {
  const [first, ...others] = await Promise.all(points.map(onPage));
  if (first === undefined) return;
  await page.mouse.move(first.x, first.y);
  await page.mouse.down();
  for (const { x, y } of others) await page.mouse.move(x, y, { steps: 4 });
  await page.mouse.up();
}

/** Stored values of a CT slice as the image on screen has them, in HU. */
async function storedHu(): Promise<number[]> {
  const sop = await inViewer(page, (viewer) => viewer.imageOnScreen?.sopInstanceUid);
  const bytes = ct.find(({ sopInstanceUid }) => sopInstanceUid === sop)?.bytes ?? new Uint8Array();
  const samples = new Uint16Array(Uint8Array.from(bytes.subarray(-SIDE * SIDE * 2)).buffer);
  const metadata = await inViewer(page, (viewer) => {
    const image = (viewer.images ?? []).find(
      ({ sopInstanceUid }) => sopInstanceUid === viewer.imageOnScreen?.sopInstanceUid,
    ) as unknown as { metadata: Record<string, { Value: number[] }> };
    return {
      slope: image.metadata["00281053"]?.Value[0] ?? NaN,
      intercept: image.metadata["00281052"]?.Value[0] ?? NaN,
      signed: image.metadata["00280103"]?.Value[0] === 1,
    };
  });
  return [...(metadata.signed ? new Int16Array(samples.buffer) : samples)].map(
    (sample) => sample * metadata.slope + metadata.intercept,
  );
}

const entries = () => page.locator("[data-annotation]");

describe("measuring a CT", () => {
  test("a length is in the patient's millimetres, stays on its image, and can be deleted", async () => {
    await page.locator("[data-tool=length]").click();
    await drag([30, 40], [90, 40]);
    await expect.poll(() => entries().count()).toBe(1);
    const [spacing = NaN] = await inViewer(
      page,
      (viewer) =>
        (viewer.images?.[0] as unknown as { metadata: Record<string, { Value: number[] }> }).metadata[
          "00280030"
        ]?.Value ?? [],
    );
    const [, text = ""] = /([\d.]+) mm/.exec(await entries().first().innerText()) ?? [];
    // Half a screen pixel at each end.
    expect(Math.abs(Number(text) - 60 * spacing)).toBeLessThan(0.5);
    await page.locator(".stage").focus();
    const [number = 0] = await imageNumbers(page);
    await page.keyboard.press("ArrowDown");
    await expect.poll(() => page.locator(".annotations polyline").count()).toBe(0);
    expect(await entries().count()).toBe(1);
    await entries().first().locator("button").first().click();
    await expect.poll(() => imageNumbers(page)).toEqual([number]);
    await expect.poll(() => page.locator(".annotations polyline").count()).toBe(1);
    await page.getByRole("button", { name: "Delete: Length" }).click();
    await expect.poll(() => page.locator(".annotations polyline").count()).toBe(0);
    expect(await entries().count()).toBe(0);
  });

  test("a rectangle tells mean, deviation and range of exactly its pixels in HU", async () => {
    await page.locator("[data-tool=rectangle]").click();
    await drag([50, 50], [70, 65]);
    await expect.poll(() => entries().count()).toBe(1);
    const [corner, opposite] = await inViewer(page, (viewer) => {
      const { tools } = viewer as unknown as {
        tools: { annotations: { whole: { points: [number, number][] }[] } };
      };
      return tools.annotations.whole[0]?.points ?? [];
    });
    const hu = await storedHu();
    const inside = hu.filter((_, index) => {
      const [column, row] = [(index % SIDE) + 0.5, Math.floor(index / SIDE) + 0.5];
      return (
        column >= (corner?.[0] ?? NaN) &&
        column <= (opposite?.[0] ?? NaN) &&
        row >= (corner?.[1] ?? NaN) &&
        row <= (opposite?.[1] ?? NaN)
      );
    });
    expect(inside.length).toBeGreaterThan(200);
    const mean = inside.reduce((sum, value) => sum + value, 0) / inside.length;
    const deviation = Math.sqrt(inside.reduce((sum, value) => sum + (value - mean) ** 2, 0) / inside.length);
    const shown = (value: number) => (Number.isInteger(value) ? String(value) : value.toFixed(1));
    const text = await entries().first().innerText();
    expect(text).toContain(`mean ${shown(mean)} ± ${shown(deviation)} HU`);
    expect(text).toContain(`${Math.min(...inside)} – ${Math.max(...inside)} HU`);
  });

  test("angle, ellipse and value are drawn and listed with their units", async () => {
    await page.locator("[data-tool=angle]").click();
    await drag([40, 80], [60, 80]);
    const third = await onPage([60, 100]);
    await page.mouse.click(third.x, third.y);
    await page.locator("[data-tool=ellipse]").click();
    await drag([75, 75], [95, 90]);
    await page.locator("[data-tool=probe]").click();
    const point = await onPage([64.5, 30.5]);
    await page.mouse.click(point.x, point.y);
    await expect.poll(() => entries().count()).toBe(4);
    const texts = await entries().allInnerTexts();
    expect(Number(/([\d.]+)°/.exec(texts[1] ?? "")?.[1])).toBeCloseTo(90, -0.5);
    expect(texts[2]).toMatch(/mm²[\s\S]*HU/);
    const hu = await storedHu();
    expect(texts[3]).toContain(`${hu[30 * SIDE + 64] ?? NaN} HU`);
    await Chromium.screenshot(page, "viewer-measurements-en");
  });

  test("a preset sets the window in HU, from the list and by its number", async () => {
    await page.getByRole("combobox", { name: "Window presets" }).selectOption({ label: "Bone W 1800 L 400" });
    const window = await inViewer(page, (viewer) => viewer.stage?.window);
    expect([window?.lower, window?.upper].map((value) => Math.round(value ?? NaN))).toEqual([-500, 1_299]);
    await page.locator(".stage").focus();
    await page.keyboard.press("1");
    expect((await inViewer(page, (viewer) => viewer.stage?.window))?.upper).toBeCloseTo(79, 0);
  });
});

describe("turning and flipping", () => {
  const markers = () => page.locator(".marker").allInnerTexts();

  test("the markers follow what is turned and flipped, and come back with a reset", async () => {
    await page.locator(".stage").focus();
    expect(await markers()).toEqual(["R", "L", "A", "P"]);
    await page.keyboard.press("]");
    // Clockwise: what was on the left is on top.
    await expect.poll(markers).toEqual(["P", "A", "R", "L"]);
    await page.keyboard.press("r");
    await expect.poll(markers).toEqual(["R", "L", "A", "P"]);
    await page.keyboard.press("h");
    await expect.poll(markers).toEqual(["L", "R", "A", "P"]);
    await page.keyboard.press("v");
    await expect.poll(markers).toEqual(["L", "R", "P", "A"]);
    await page.keyboard.press("r");
    await expect.poll(markers).toEqual(["R", "L", "A", "P"]);
  });
});

describe("the rest of the desk", () => {
  test("cine plays on past the last image, and stops", async () => {
    await page.locator(".stage").focus();
    await page.keyboard.press("End");
    await expect.poll(() => imageNumbers(page)).toEqual([8]);
    await page.getByRole("spinbutton", { name: "Frames per second" }).fill("20");
    await page.getByRole("button", { name: "Play" }).click();
    await expect.poll(async () => (await imageNumbers(page))[0]).toBeLessThan(8);
    await page.getByRole("button", { name: "Stop" }).click();
    await page.getByRole("button", { name: "Play" }).waitFor();
  });

  test("? lists the shortcuts, Escape closes them, and the focus is where it was", async () => {
    await page.locator(".stage").focus();
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor();
    await Chromium.screenshot(page, "viewer-shortcuts");
    await page.keyboard.press("Escape");
    await expect.poll(() => page.locator("dialog[open]").count()).toBe(0);
    expect(await page.locator(".stage").evaluate((element) => element.matches(":focus"))).toBe(true);
  });

  test("the exported picture is a PNG of the stage, and its name says nothing of the patient", async () => {
    const waiting = page.waitForEvent("download");
    await page.getByRole("button", { name: "PNG" }).click();
    const download = await waiting;
    expect(download.suggestedFilename()).toMatch(/^image-\d+\.png$/);
    const bytes = await readFile(await download.path());
    expect(bytes.subarray(1, 4).toString()).toBe("PNG");
    await download.saveAs("test-artifacts/viewer-export.png");
    const size = await page
      .locator(".canvas canvas")
      .evaluate((canvas) => [(canvas as HTMLCanvasElement).width, (canvas as HTMLCanvasElement).height]);
    expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual(size);
  });

  test("an MR has no presets, and its values no unit", async () => {
    await page.evaluate((study) => {
      const viewer = document
        .querySelector("neuronova-workspace")
        ?.shadowRoot?.querySelector<HTMLElement & { study?: string }>("neuronova-viewer");
      if (viewer) viewer.study = study;
    }, mr[0]?.studyInstanceUid ?? "");
    await until(page, (viewer) => viewer.images?.length === 4 && viewer.imageOnScreen?.complete === true);
    await expect.poll(() => page.getByRole("combobox", { name: "Window presets" }).count()).toBe(0);
    expect(await entries().count()).toBe(0);
    await page.locator("[data-tool=probe]").click();
    const point = await onPage([64.5, 64.5]);
    await page.mouse.click(point.x, point.y);
    await expect.poll(() => entries().count()).toBe(1);
    expect(await entries().first().innerText()).not.toContain("HU");
  });

  test("nothing offended the strict CSP", () => {
    expect(browser.complaints.filter((complaint) => !complaint.includes("401"))).toEqual([]);
  });
});
