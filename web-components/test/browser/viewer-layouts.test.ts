import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createDemoStudy } from "../../../sidecar/src/phantom/demo-study.js";
import { RunningStack } from "../../../sidecar/test/stack/running-stack.js";
import { Chromium } from "./chromium.js";
import { imageNumbers, openViewer, inViewer, until } from "./viewer-page.js";

let stack: RunningStack;
let browser: Chromium;
let page: Page;
const files = createDemoStudy({ seed: 61, seriesCount: 2, slices: 12, rows: 128, columns: 128 });
const study = files[0]?.studyInstanceUid ?? "";

beforeAll(async () => {
  stack = await RunningStack.start();
  const events = await stack.events();
  await stack.storeOverWeb(files.map(({ bytes }) => bytes));
  await events.until("renditions", () => events.of("instance.rendered").length === files.length);
  events.close();
  browser = await Chromium.launch("en-US");
  page = await browser.page();
  await openViewer(page, stack, study);
});

afterAll(async () => {
  await browser.close();
  await stack.stop();
});

test("one by two shows both series, and scrolling one scrolls the other to the same place", async () => {
  await page.getByRole("button", { name: "Layout 1×2" }).click();
  await until(page, (viewer) =>
    viewer.grid.places.every(({ viewport }) => viewport.visible?.complete === true),
  );
  expect(await page.locator(".stage").count()).toBe(2);
  const first = page.locator(".stage").first();
  await first.focus();
  await page.keyboard.press("Home");
  await expect.poll(() => imageNumbers(page)).toEqual([1, 1]);
  await first.hover();
  await page.mouse.wheel(0, 180);
  await expect.poll(() => imageNumbers(page)).toEqual([4, 4]);
});

test("linked scrolling can be switched off, and Tab goes from viewport to viewport", async () => {
  await page.getByRole("button", { name: "Linked scrolling" }).click();
  const [first, second] = [page.locator(".stage").first(), page.locator(".stage").last()];
  await first.focus();
  await page.keyboard.press("ArrowDown");
  await expect.poll(() => imageNumbers(page)).toEqual([5, 4]);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  expect(await second.evaluate((element) => element.matches(":focus"))).toBe(true);
  await page.keyboard.press("End");
  await expect.poll(() => imageNumbers(page)).toEqual([5, 12]);
});

test("two by two has empty places that say what to do, filled by dragging or by the keyboard", async () => {
  await page.getByRole("button", { name: "Layout 2×2" }).click();
  await expect.poll(() => page.getByText("Choose a series or drag one here.").count()).toBe(2);
  const series = page.locator("button.series:enabled");
  await series.first().dragTo(page.locator(".stage").nth(2));
  await until(page, (viewer) => viewer.grid.places[2]?.viewport.visible?.complete === true);
  await page.locator(".stage").nth(3).focus();
  await series.last().focus();
  await page.keyboard.press("Enter");
  await until(page, (viewer) => viewer.grid.places[3]?.viewport.visible?.complete === true);
  const shown = await inViewer(page, (viewer) => viewer.grid.places.map(({ viewport }) => viewport.series));
  expect(shown).toEqual([shown[0], shown[1], shown[0], shown[1]]);
  expect(new Set(shown).size).toBe(2);
  await Chromium.screenshot(page, "viewer-two-by-two");
});

test("back to one viewport keeps the one in use", async () => {
  await page.locator(".stage").nth(1).focus();
  await page.getByRole("button", { name: "Layout 1×1" }).click();
  await expect.poll(() => imageNumbers(page)).toEqual([12]);
  expect(browser.complaints.filter((complaint) => !complaint.includes("401"))).toEqual([]);
});
