import type { Page, Route } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createDemoCt } from "../../../sidecar/src/phantom/demo-ct.js";
import { RunningStack } from "../../../sidecar/test/stack/running-stack.js";
import { Chromium } from "./chromium.js";
import { Sluice } from "./sluice.js";
import { imageNumbers, inViewer, openViewer, until } from "./viewer-page.js";

const SLICES = 600;
const SIDE = 64;
const ct = createDemoCt({ seed: 98, stroke: "none", slices: SLICES, rows: SIDE, columns: SIDE });
const study = ct[0]?.studyInstanceUid ?? "";
/** What the queue has under way, for the reader and ahead, twice over: one that ends makes place for another. */
const UNDER_WAY = 8;
let stack: RunningStack;
let browser: Chromium;
let page: Page;
let line: Sluice;
/** SOP Instance UIDs of the frames that were asked for, in that order. */
const asked: string[] = [];
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
  line = await Sluice.on(page, "**/frames/**", async (route) => {
    asked.push(instanceOf(route));
    if (slow) await new Promise((resolve) => setTimeout(resolve, 60));
  });
  page.on("requestfailed", (request) => {
    if (request.url().includes("/frames/")) dropped += 1;
  });
  await openViewer(page, stack, study);
}, 300_000);

afterAll(async () => {
  await browser.close();
  await stack.stop();
});

function instanceOf(route: Route): string {
  return /instances\/([\d.]+)\//.exec(route.request().url())?.[1] ?? "";
}

/** From here on, every image that is announced is compared with what the screen says at that moment. */
async function watch(on: Page): Promise<void> {
  await inViewer(on, (viewer) => {
    const seen: Seen[] = [];
    Object.assign(globalThis, { seen });
    viewer.addEventListener("neuronova-image-rendered", (event) => {
      const { sopInstanceUid, index } = (event as CustomEvent<{ sopInstanceUid: string; index: number }>)
        .detail;
      requestAnimationFrame(() => {
        const number = Number(viewer.shadowRoot?.querySelector("[data-slice]")?.textContent);
        seen.push({ sopInstanceUid, index, number, onScreen: viewer.imageOnScreen?.sopInstanceUid });
      });
    });
  });
}

interface Seen {
  readonly sopInstanceUid: string;
  readonly index: number;
  /** Beside the image, from 1. */
  readonly number: number;
  /** What the viewer says is on screen by then. */
  readonly onScreen: string | undefined;
}

function seen(on: Page): Promise<Seen[]> {
  return on.evaluate(() => (globalThis as unknown as { seen: Seen[] }).seen);
}

/** Goes to the first image, and no further until the line is open again. */
async function fromTheFirstOn(): Promise<void> {
  await page.locator(".stage").focus();
  await page.keyboard.press("Home");
  await expect.poll(() => imageNumbers(page), { timeout: 30_000 }).toEqual([1]);
}

/** How many others were asked for before an image, by its place from 0. */
function askedBefore(index: number): number {
  return asked.indexOf(ct[index]?.sopInstanceUid ?? "");
}

test("what a held key and the slider pass while nothing arrives is not fetched", async () => {
  await fromTheFirstOn();
  line.shut();
  asked.length = 0;
  for (let press = 0; press < 120; press += 1) await page.keyboard.down("ArrowDown");
  await page.keyboard.up("ArrowDown");
  await expect.poll(() => inViewer(page, ({ stage }) => stage?.index)).toBe(120);
  await page.locator(".slider input").evaluate((slider) => {
    for (let to = 123; to < 600; to += 3) {
      (slider as HTMLInputElement).value = String(to);
      slider.dispatchEvent(new Event("input"));
    }
    (slider as HTMLInputElement).value = "599";
    slider.dispatchEvent(new Event("input"));
  });
  expect(asked.length).toBeLessThanOrEqual(UNDER_WAY);
  await line.open();
  await expect.poll(() => imageNumbers(page), { timeout: 30_000 }).toEqual([600]);
  expect(askedBefore(599)).toBeGreaterThanOrEqual(0);
  expect(askedBefore(599)).toBeLessThanOrEqual(UNDER_WAY);
  // What was fetched ahead, of which nobody had use any more.
  await expect.poll(() => dropped).toBeGreaterThan(0);
});

test("over a slow line the reader who holds a key sees images on the way", async () => {
  slow = true;
  await fromTheFirstOn();
  await watch(page);
  const passed = async () => new Set((await seen(page)).map(({ index }) => index)).size;
  let presses = 0;
  // As the browser repeats it, faster than the images come.
  for (; presses < SLICES - 1 && (await passed()) < 10; presses += 1) await page.keyboard.down("ArrowDown");
  await page.keyboard.up("ArrowDown");
  expect(presses).toBeLessThan(SLICES - 1);
  await expect.poll(() => imageNumbers(page), { timeout: 30_000 }).toEqual([presses + 1]);
});

test("every image that was shown had its own number", async () => {
  slow = false;
  await page.locator(".stage").focus();
  await page.keyboard.press("End");
  await expect.poll(() => imageNumbers(page), { timeout: 30_000 }).toEqual([600]);
  await page.locator(".stage").hover();
  for (let turn = 0; turn < 40; turn += 1) await page.mouse.wheel(0, -600);
  await expect.poll(() => imageNumbers(page), { timeout: 30_000 }).toEqual([200]);
  const order = await inViewer(page, (viewer) =>
    (viewer.images ?? []).map(({ sopInstanceUid }) => sopInstanceUid),
  );
  expect(order).toEqual(ct.map(({ sopInstanceUid }) => sopInstanceUid));
  const shown = await seen(page);
  expect(shown.length).toBeGreaterThan(10);
  for (const { sopInstanceUid, index } of shown) expect(sopInstanceUid).toBe(order[index]);
  // Where the screen had not moved on by the next frame, the number beside it was that image's.
  for (const { sopInstanceUid, number, onScreen } of shown)
    if (onScreen === sopInstanceUid) expect(order[number - 1]).toBe(sopInstanceUid);
});

test("then all are in memory, once, and scrolling back through them asks for none again", async () => {
  const held = () => inViewer(page, ({ stage }) => stage?.constructor.held.bytes);
  await expect.poll(held, { timeout: 120_000 }).toBe(SLICES * SIDE * SIDE * 2);
  asked.length = 0;
  await page.locator(".stage").focus();
  for (const [key, number] of [
    ["End", 600],
    ["Home", 1],
    ["End", 600],
  ] as const) {
    await page.keyboard.press(key);
    await expect.poll(() => imageNumbers(page), { timeout: 30_000 }).toEqual([number]);
  }
  expect(asked).toEqual([]);
});

test.each([
  ["while nothing is known of the study", "**/api/studies/**", 36],
  ["before there is a stage", "**/assets/stage-*.js", 41],
  ["while the first image loads", "**/frames/**", 57],
  ["past the last", "**/assets/stage-*.js", 9_999],
])("an image asked for %s is the one that is shown", async (_when, held, index) => {
  const other = await browser.page();
  const sluice = await Sluice.on(other, held);
  sluice.shut();
  await other.goto(`${stack.local.address}/viewer/${study}`);
  await sluice.reached();
  await inViewer(other, (viewer) => customElements.whenDefined(viewer.localName).then(() => undefined));
  await watch(other);
  await inViewer(other, (viewer, to) => void viewer.showImage(to), index);
  await sluice.open();
  const expected = Math.min(index, SLICES - 1);
  await expect.poll(() => imageNumbers(other), { timeout: 60_000 }).toEqual([expected + 1]);
  await until(other, (viewer) => viewer.imageOnScreen?.complete === true);
  // It stays: nothing that was under way comes over it.
  await expect.poll(async () => (await seen(other)).at(-1)?.index).toBe(expected);
  expect(await inViewer(other, (viewer) => viewer.imageOnScreen?.index)).toBe(expected);
  await other.close();
});

test("the page had nothing to complain of", () => {
  expect(browser.complaints.filter((complaint) => !complaint.includes("401"))).toEqual([]);
});
