import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { RunningStack } from "../../../sidecar/test/stack/running-stack.js";
import { TISSUE, ultrasoundImage } from "../../../sidecar/test/stack/ultrasound-image.js";
import { Chromium } from "./chromium.js";
import { openViewer } from "./viewer-page.js";

const image = ultrasoundImage(71);
let stack: RunningStack;
let browser: Chromium;
let page: Page;

beforeAll(async () => {
  stack = await RunningStack.start({ settings: { NEURONOVA_STABLE_AFTER_SECONDS: "3600" } });
  const events = await stack.events();
  await stack.storeOverWeb([image.bytes]);
  await events.until("rendition", () => events.of("instance.rendered").length === 1);
  events.close();
  browser = await Chromium.launch("en-US");
  page = await browser.page();
  await openViewer(page, stack, image.studyInstanceUid);
  await page.locator(".stage").focus();
});

afterAll(async () => {
  await browser.close();
  await stack.stop();
});

const press = async (...keys: readonly string[]) => {
  for (const key of keys) await page.keyboard.press(key);
};
const times = (key: string, count: number) => Array.from({ length: count }, () => key);
const last = () => page.locator("[data-annotation]").last();

// Enter brings the cursor to the middle of the image, which is tissue; a key goes one pixel, the image is enlarged.
test("in the tissue lengths and areas are by the region's own scale, each direction by its own", async () => {
  await press("l", "Enter", "Enter", ...times("Shift+ArrowRight", 4), "Enter");
  await expect.poll(() => last().innerText()).toContain(`${(40 * TISSUE.columnMm).toFixed(1)} mm`);
  await press("l", "Enter", "ArrowDown", "ArrowDown", ...times("Shift+ArrowDown", 2), "Enter");
  await press(...times("Shift+ArrowDown", 5), "Enter");
  await expect.poll(() => last().innerText()).toContain(`${(50 * TISSUE.rowMm).toFixed(1)} mm`);
  await press("b", "Enter", ...times("Shift+ArrowLeft", 4), "Enter", ...times("Shift+ArrowLeft", 3));
  await press(...times("Shift+ArrowUp", 4), "Enter");
  await expect
    .poll(() => last().innerText())
    .toContain(`${(30 * TISSUE.columnMm * 40 * TISSUE.rowMm).toFixed(1)} mm²`);
});

test("from the tissue into the spectrum, and within that, there are only pixels", async () => {
  await press("l", "Enter", ...times("Shift+ArrowUp", 6), "Enter", ...times("Shift+ArrowRight", 10), "Enter");
  await expect.poll(() => last().innerText()).toContain("100.0 px");
  await press("ArrowDown", ...times("Shift+ArrowDown", 4), "Enter", ...times("Shift+ArrowDown", 2), "Enter");
  await expect.poll(() => last().innerText()).toContain("20.0 px");
  await Chromium.screenshot(page, "viewer-ultrasound-en");
  const texts = await page.locator("[data-annotation]").allInnerTexts();
  expect(texts.filter((text) => text.includes("mm"))).toHaveLength(3);
});
