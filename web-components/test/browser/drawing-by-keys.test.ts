import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createDemoCt } from "../../../sidecar/src/phantom/demo-ct.js";
import { RunningStack } from "../../../sidecar/test/stack/running-stack.js";
import { Chromium } from "./chromium.js";
import { imageNumbers, inViewer, openViewer } from "./viewer-page.js";

const SIDE = 128;
const ct = createDemoCt({ seed: 64, slices: 6, rows: SIDE, columns: SIDE, stroke: "none" });
let stack: RunningStack;
let browser: Chromium;
let page: Page;
let spacing: number;

beforeAll(async () => {
  stack = await RunningStack.start({ settings: { NEURONOVA_STABLE_AFTER_SECONDS: "3600" } });
  const events = await stack.events();
  await stack.storeOverWeb(ct.map(({ bytes }) => bytes));
  await events.until("renditions", () => events.of("instance.rendered").length === ct.length);
  events.close();
  browser = await Chromium.launch("en-US");
  page = await browser.page();
  await openViewer(page, stack, ct[0]?.studyInstanceUid ?? "");
  spacing = await inViewer(
    page,
    (viewer) => (viewer.images?.[0] as unknown as { spacing: { columnMm: number } }).spacing.columnMm,
  );
  await page.locator(".stage").focus();
});

afterAll(async () => {
  await browser.close();
  await stack.stop();
});

const status = () => page.locator("[data-drawing]").innerText();
const entries = () => page.locator("[data-annotation]");
const press = async (...keys: readonly string[]) => {
  for (const key of keys) await page.keyboard.press(key);
};
const times = (key: string, count: number) => Array.from({ length: count }, () => key);
/** The length that is listed, in millimetres. */
const millimetres = async () => Number(/([\d.]+) mm/.exec(await entries().first().innerText())?.[1]);
/** Columns that an arrow key goes: one, or as many as a pixel of the screen covers. */
const step = () =>
  inViewer(page, ({ stage }) => {
    const [one, other] = [stage?.map?.toImage([0, 0]), stage?.map?.toImage([1, 0])];
    return Math.max(1, (other?.[0] ?? NaN) - (one?.[0] ?? NaN));
  });

test("a length is drawn without a pointer, told as it grows, and listed in millimetres", async () => {
  const [number = 0] = await imageNumbers(page);
  await press("l", "Enter");
  await expect.poll(status).toMatch(/^Column 6[45], row 6[45]\. Arrow keys move the cursor, Enter puts down/);
  await press(...times("ArrowLeft", 20), "Enter", ...times("Shift+ArrowRight", 4));
  await expect.poll(status).toMatch(/^Column 8[45], row 6[45]\. Length, [\d.]+ mm$/);
  await Chromium.screenshot(page, "viewer-drawing-by-keys-en");
  await press("Enter");
  await expect.poll(status).toMatch(/^Drawn: Length, [\d.]+ mm$/);
  expect(Math.abs((await millimetres()) - 40 * (await step()) * spacing)).toBeLessThan(0.06);
  // The arrows moved the cursor alone.
  expect(await imageNumbers(page)).toEqual([number]);
});

test("its points are gone to and moved, and Escape puts one back", async () => {
  const before = await millimetres();
  await press("n", "n");
  await expect.poll(status).toMatch(/On a point: Length/);
  await press("Enter", ...times("ArrowRight", 10));
  await expect.poll(millimetres).toBeGreaterThan(before + 1);
  await press("Escape");
  await expect.poll(status).toBe("Given up");
  expect(await millimetres()).toBe(before);
  await press("n", "n", "Enter", ...times("ArrowRight", 10), "Enter");
  await expect.poll(status).toMatch(/^Drawn: Length/);
  expect(Math.abs((await millimetres()) - before - 10 * (await step()) * spacing)).toBeLessThan(0.15);
});

test("angle, rectangle, ellipse and value too", async () => {
  await press("a", "Enter", "Enter", ...times("ArrowRight", 12), "Enter", ...times("ArrowUp", 12), "Enter");
  await expect.poll(status).toBe("Drawn: Angle, 90.0°");
  for (const [tool, name, away] of [
    ["b", "Rectangle", "Shift+ArrowUp"],
    ["e", "Ellipse", "Shift+ArrowDown"],
  ] as const) {
    await press(tool, "Enter", away, away, "Enter", "Shift+ArrowLeft", "ArrowDown", "ArrowDown", "Enter");
    await expect.poll(status).toMatch(new RegExp(`^Drawn: ${name}, [\\d.]+ mm², mean .* HU`));
  }
  await press("o", "Enter", "Shift+ArrowDown", "Shift+ArrowDown", "Shift+ArrowDown", "Enter");
  await expect.poll(status).toMatch(/^Drawn: Value, -?\d+ HU$/);
  await expect.poll(() => entries().count()).toBe(5);
});

test("another image ends what is being drawn; then arrows change the image again", async () => {
  await press("l", "Enter", ...times("Shift+ArrowDown", 4), "Enter", ...times("ArrowRight", 9));
  await expect.poll(() => entries().count()).toBe(6);
  const [number = 0] = await imageNumbers(page);
  await press("Home");
  await expect.poll(() => imageNumbers(page)).toEqual([1]);
  await expect.poll(() => entries().count()).toBe(5);
  expect(await status()).toBe("");
  await press("ArrowDown");
  await expect.poll(() => imageNumbers(page)).toEqual([2]);
  expect(number).toBeGreaterThan(2);
});

test("Tab goes on while something is drawn, and `?` lists the keys", async () => {
  await press("Enter", "ArrowDown", "Enter", "ArrowRight", "Tab");
  await expect
    .poll(() => inViewer(page, (viewer) => viewer.shadowRoot?.activeElement?.className))
    .not.toContain("stage");
  await page.locator(".stage").focus();
  await press("Escape", "Escape", "?");
  const dialog = page.locator("dialog.shortcuts");
  await dialog.waitFor();
  expect(await dialog.innerText()).toMatch(/Enter\s+With a measuring tool: cursor, then point by point/);
  await press("Escape");
  await page.getByRole("button", { name: "한국어" }).click();
  await page.locator(".stage").focus();
  await press("Enter");
  await expect.poll(status).toMatch(/^6[45]열 6[45]행\. 화살표 키로 커서를 옮기고/);
  expect(browser.complaints.filter((complaint) => !complaint.includes("401"))).toEqual([]);
});
