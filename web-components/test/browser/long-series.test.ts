import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createDemoCt } from "../../../sidecar/src/phantom/demo-ct.js";
import { RunningStack } from "../../../sidecar/test/stack/running-stack.js";
import { Chromium } from "./chromium.js";
import { imageNumbers, inViewer, openViewer } from "./viewer-page.js";

const SLICES = 600;
const SIDE = 64;
const ct = createDemoCt({ seed: 98, stroke: "none", slices: SLICES, rows: SIDE, columns: SIDE });
let stack: RunningStack;
let browser: Chromium;
let page: Page;
/** Requests for frames, by SOP Instance UID. */
const asked = new Set<string>();
let dropped = 0;
let slow = false;

beforeAll(async () => {
  stack = await RunningStack.start({ settings: { NEURONOVA_STABLE_AFTER_SECONDS: "3600" } });
  const events = await stack.events();
  await stack.storeOverWeb(ct.map(({ bytes }) => bytes));
  await events.until("renditions", () => events.of("instance.rendered").length === SLICES, 240);
  events.close();
  browser = await Chromium.launch("en-US");
  page = await browser.page();
  await page.route("**/frames/**", async (route) => {
    asked.add(/instances\/([\d.]+)\//.exec(route.request().url())?.[1] ?? "");
    if (slow) await new Promise((resolve) => setTimeout(resolve, 60));
    await route.continue().catch(() => undefined);
  });
  page.on("requestfailed", (request) => {
    if (request.url().includes("/frames/")) dropped += 1;
  });
}, 300_000);

afterAll(async () => {
  await browser.close();
  await stack.stop();
});

/** From here on, every image that is announced is compared with what the screen says at that moment. */
async function watch(): Promise<void> {
  await inViewer(page, (viewer) => {
    const seen: [sop: string, index: number, number: number, onScreen: string | undefined][] = [];
    Object.assign(globalThis, { seen });
    viewer.addEventListener("neuronova-image-rendered", (event) => {
      const { sopInstanceUid, index } = (event as CustomEvent<{ sopInstanceUid: string; index: number }>)
        .detail;
      requestAnimationFrame(() => {
        const number = Number(viewer.shadowRoot?.querySelector("[data-slice]")?.textContent);
        seen.push([sopInstanceUid, index, number, viewer.imageOnScreen?.sopInstanceUid]);
      });
    });
  });
}

function seen() {
  return page.evaluate(
    () => (globalThis as unknown as { seen: [string, number, number, string | undefined][] }).seen,
  );
}

test("held keys and the slider go through six hundred images over a slow line; what is passed is not fetched", async () => {
  slow = true;
  await openViewer(page, stack, ct[0]?.studyInstanceUid ?? "");
  await watch();
  await page.locator(".stage").focus();
  await page.keyboard.press("Home");
  await expect.poll(() => imageNumbers(page), { timeout: 30_000 }).toEqual([1]);
  asked.clear();
  // A held key, as the browser repeats it, faster than the images come.
  for (let press = 0; press < 120; press += 1) await page.keyboard.down("ArrowDown");
  await page.keyboard.up("ArrowDown");
  await expect.poll(() => imageNumbers(page), { timeout: 30_000 }).toEqual([121]);
  const shown = new Set((await seen()).map(([sop]) => sop));
  // The reader saw something on the way, and the line was not filled with what they did not.
  expect(shown.size).toBeGreaterThan(3);
  await page.locator(".slider input").evaluate((slider) => {
    for (let to = 120; to < 600; to += 3) {
      (slider as HTMLInputElement).value = String(to);
      slider.dispatchEvent(new Event("input"));
    }
    (slider as HTMLInputElement).value = "599";
    slider.dispatchEvent(new Event("input"));
  });
  await expect.poll(() => imageNumbers(page), { timeout: 30_000 }).toEqual([600]);
  expect(asked.size).toBeLessThan(300);
  expect(dropped).toBeGreaterThan(0);
});

test("every image that was shown had its own number", async () => {
  slow = false;
  await page.locator(".stage").hover();
  for (let turn = 0; turn < 40; turn += 1) await page.mouse.wheel(0, -600);
  await expect.poll(async () => (await imageNumbers(page))[0], { timeout: 30_000 }).toBe(200);
  const order = await inViewer(page, (viewer) =>
    (viewer.images ?? []).map(({ sopInstanceUid }) => sopInstanceUid),
  );
  expect(order).toEqual(ct.map(({ sopInstanceUid }) => sopInstanceUid));
  const events = await seen();
  expect(events.length).toBeGreaterThan(20);
  for (const [sop, index] of events) expect(sop).toBe(order[index]);
  // Where the screen had not moved on by the next frame, the number beside it was that image's.
  for (const [sop, , number, onScreen] of events) if (onScreen === sop) expect(order[number - 1]).toBe(sop);
});

test("then all are in memory, once, and scrolling back through them asks for none again", async () => {
  const held = () =>
    inViewer(page, (viewer) => {
      const { stage } = viewer as unknown as { stage: { constructor: { held: { bytes: number } } } };
      return stage.constructor.held.bytes;
    });
  await expect.poll(held, { timeout: 120_000 }).toBe(SLICES * SIDE * SIDE * 2);
  asked.clear();
  await page.locator(".stage").focus();
  for (const key of ["End", "Home", "End"]) await page.keyboard.press(key);
  await expect.poll(() => imageNumbers(page)).toEqual([600]);
  expect(asked.size).toBe(0);
  expect(browser.complaints.filter((complaint) => !complaint.includes("401"))).toEqual([]);
});
