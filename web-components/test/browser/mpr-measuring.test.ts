import type { Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createDemoStudy } from "../../../sidecar/src/phantom/demo-study.js";
import { RunningStack } from "../../../sidecar/test/stack/running-stack.js";
import { violations } from "./axe.js";
import { Chromium } from "./chromium.js";
import { imageNumbers, openViewer } from "./viewer-page.js";

type Place = readonly [x: number, y: number, z: number];
type Plane = "axial" | "sagittal" | "coronal";

/** Where the planes meet; slices lie 5 mm apart, pixels 1.8 mm. */
const MIDDLE: Place = [0, 10, 22];
const mr = createDemoStudy({ seed: 1, lesion: "none", rows: 128, columns: 128, slices: 24 });
let stack: RunningStack;
let browser: Chromium;
let page: Page;

interface MprUnderTest extends HTMLElement {
  readonly panes: readonly {
    readonly view: { readonly name: string };
    toScreen(point: Place): readonly [number, number] | undefined;
  }[];
  point?: Place;
  readonly updateComplete: Promise<boolean>;
}

beforeAll(async () => {
  stack = await RunningStack.start({ settings: { NEURONOVA_STABLE_AFTER_SECONDS: "3600" } });
  const events = await stack.events();
  await stack.storeOverWeb(mr.map(({ bytes }) => bytes));
  await events.until("renditions", () => events.of("instance.rendered").length === mr.length);
  events.close();
  browser = await Chromium.launch("en-US");
  page = await browser.page();
  await openViewer(page, stack, mr[0]?.studyInstanceUid ?? "");
  await mprButton().click();
  await page.locator("[data-place=axial]").waitFor({ timeout: 60_000 });
});

afterAll(async () => {
  await browser.close();
  await stack.stop();
});

beforeEach(async () => {
  if ((await mprButton().getAttribute("aria-pressed")) !== "true") await mprButton().click();
  await page.locator("[data-place=axial]").waitFor({ timeout: 60_000 });
  for (let count = await entries().count(); count > 0; count = await entries().count())
    await page
      .getByRole("button", { name: /^Delete: / })
      .first()
      .click();
  await goTo(MIDDLE);
});

const mprButton = () => page.getByRole("button", { name: "Layout mpr" });
const entries = () => page.locator("[data-annotation]");
const choose = (tool: string) => page.locator(`[data-tool=${tool}]`).click();
const lines = (plane: Plane) => page.locator(`[data-plane=${plane}] .annotations polyline`);
const place = (plane: Plane) => page.locator(`[data-place=${plane}]`).innerText();
const status = (plane: Plane) => page.locator(`[data-plane=${plane}] [data-drawing]`).innerText();

async function goTo(point: Place): Promise<void> {
  await page.locator("neuronova-mpr").evaluate(async (element, wanted) => {
    const mpr = element as MprUnderTest;
    mpr.point = wanted;
    while (!(await mpr.updateComplete));
  }, point);
}

/** Where a point of the patient is on the screen. */
async function onScreen(plane: Plane, point: Place): Promise<readonly [number, number]> {
  return page.locator("neuronova-mpr").evaluate(
    (element, [name, wanted]) => {
      const [x, y] = (element as MprUnderTest).panes
        .find(({ view }) => view.name === name)
        ?.toScreen(wanted) ?? [NaN, NaN];
      const box = element.shadowRoot?.querySelector(`[data-plane=${name}]`)?.getBoundingClientRect();
      return [x + (box?.left ?? NaN), y + (box?.top ?? NaN)] as const;
    },
    [plane, point] as const,
  );
}

async function drag(plane: Plane, from: Place, to: Place): Promise<void> {
  await page.mouse.move(...(await onScreen(plane, from)));
  await page.mouse.down();
  await page.mouse.move(...(await onScreen(plane, to)), { steps: 4 });
  await page.mouse.up();
}

/** What was measured last, as it is listed below its name and place. */
const measured = async (unit: "mm" | "mm²" | "°") =>
  Number(new RegExp(`\\n\\s*([\\d.]+) ?${unit}`).exec(await entries().last().innerText())?.[1]);

test("lengths are the patient's millimetres, also across slices", async () => {
  await choose("length");
  await drag("axial", [-30, 10, 22], [20, 10, 22]);
  await expect.poll(() => entries().count()).toBe(1);
  expect(await entries().last().innerText()).toMatch(/^Length Axial H 22\.0 mm/);
  expect(Math.abs((await measured("mm")) - 50)).toBeLessThan(0.6);
  await drag("coronal", [-20, 10, -20], [-20, 10, 40]);
  await expect.poll(() => entries().count()).toBe(2);
  expect(await entries().last().innerText()).toMatch(/^Length Coronal P 10\.0 mm/);
  expect(Math.abs((await measured("mm")) - 60)).toBeLessThan(0.6);
  await drag("sagittal", [0, -30, -10], [0, 10, 20]);
  await expect.poll(() => entries().count()).toBe(3);
  expect(Math.abs((await measured("mm")) - 50)).toBeLessThan(0.6);
  // Measuring moved nothing.
  expect(await place("axial")).toBe("H 22.0");
  await Chromium.screenshot(page, "mpr-measuring-en");
  expect(await violations(page)).toEqual([]);
});

test("angles and areas too, but no values: those between voxels are computed", async () => {
  await choose("angle");
  await drag("sagittal", [0, -30, 0], [0, 0, 0]);
  await drag("sagittal", [0, 0, 0], [0, 0, 40]);
  await expect.poll(() => entries().count()).toBe(1);
  expect(Math.abs((await measured("°")) - 90)).toBeLessThan(1.5);
  for (const [tool, share] of [
    ["rectangle", 1],
    ["ellipse", Math.PI / 4],
  ] as const) {
    await choose(tool);
    await drag("coronal", [-20, 10, 40], [20, 10, 10]);
    await expect.poll(() => lines("coronal").count()).toBe(1);
    expect(Math.abs((await measured("mm²")) / (1200 * share) - 1)).toBeLessThan(0.05);
    expect(await entries().last().innerText()).not.toMatch(/mean|±|–/i);
    await page
      .getByRole("button", { name: /^Delete: / })
      .last()
      .click();
  }
  await choose("probe");
  await page.mouse.click(...(await onScreen("axial", [-20, 30, 22])));
  await expect.poll(() => place("sagittal")).toMatch(/^R (19|20)\./);
  expect(await entries().count()).toBe(1);
});

test("what is measured belongs to its plane: it goes with it and comes back with it", async () => {
  await choose("length");
  await drag("axial", [-30, 10, 22], [20, 10, 22]);
  await expect.poll(() => lines("axial").count()).toBe(1);
  await page.mouse.wheel(0, 120);
  await expect.poll(() => place("axial")).toBe("H 32.0");
  expect(await lines("axial").count()).toBe(0);
  await page.mouse.wheel(0, -120);
  await expect.poll(() => lines("axial").count()).toBe(1);
  await goTo([-15, 40, -8]);
  expect(await lines("axial").count()).toBe(0);
  await entries().first().getByRole("button").first().click();
  await expect.poll(() => lines("axial").count()).toBe(1);
  // The other planes stay where they were.
  expect(await Promise.all([place("axial"), place("sagittal"), place("coronal")])).toEqual([
    "H 22.0",
    "R 15.0",
    "P 40.0",
  ]);
});

test("points are taken up again with any tool, a point in hand keeps its plane, and a click draws nothing", async () => {
  await choose("length");
  await drag("axial", [-30, 10, 22], [20, 10, 22]);
  await choose("window");
  await page.mouse.move(...(await onScreen("axial", [20, 10, 22])));
  await page.mouse.down();
  await page.mouse.wheel(0, 120);
  await page.mouse.move(...(await onScreen("axial", [0, 10, 22])), { steps: 3 });
  await page.mouse.up();
  await expect.poll(async () => Math.abs((await measured("mm")) - 30) < 0.6).toBe(true);
  expect(await place("axial")).toBe("H 22.0");
  await choose("length");
  await page.mouse.click(...(await onScreen("axial", [0, -40, 22])));
  expect(await entries().count()).toBe(1);
  await choose("window");
  await page.mouse.click(...(await onScreen("axial", [25, -40, 22])));
  await expect.poll(() => place("coronal")).toMatch(/^A (39|40)\./);
});

test("lines and measurements are where they lie as soon as the planes have changed their size", async () => {
  await choose("length");
  await drag("axial", [-30, 10, 22], [20, 10, 22]);
  await expect.poll(() => lines("axial").count()).toBe(1);
  // At once: whatever draws the planes anew later, for another reason, would put the lines right.
  const [narrower, ...off] = await page.locator("neuronova-mpr").evaluate(
    async (element, [end, middle]) => {
      const mpr = element as MprUnderTest;
      const pane = mpr.shadowRoot?.querySelector("[data-plane=axial]");
      const before = pane?.clientWidth ?? NaN;
      mpr.style.setProperty("width", "60%");
      for (let frame = 0; frame < 2; frame += 1) await new Promise(requestAnimationFrame);
      const share = (pane?.clientWidth ?? NaN) / before;
      const [drawn, upright] = [
        pane
          ?.querySelector(".annotations polyline")
          ?.getAttribute("points")
          ?.split(" ")
          .at(-1)
          ?.split(",")[0],
        pane?.querySelector("line[y2='100%']")?.getAttribute("x1"),
      ];
      const across = (point: Place) => mpr.panes[0]?.toScreen(point)?.[0] ?? NaN;
      mpr.style.removeProperty("width");
      return [share, Number(drawn) - across(end), Number(upright) - across(middle)];
    },
    [[20, 10, 22], MIDDLE] as const,
  );
  expect(narrower).toBeLessThan(0.7);
  for (const pixels of off) expect(Math.abs(pixels)).toBeLessThan(1);
});

test("by keys: the tool, the cursor, the points; another slice or Escape gives up", async () => {
  await page.locator("[data-plane=coronal]").focus();
  const press = async (...keys: readonly string[]) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  await press("l", "Enter");
  await expect.poll(() => status("coronal")).toMatch(/^Column \d+, row \d+\. Arrow keys move the cursor/);
  await press("Enter", "Shift+ArrowDown", "Shift+ArrowDown");
  await expect.poll(() => status("coronal")).toMatch(/Length, [\d.]+ mm$/);
  await press("Enter");
  await expect.poll(() => status("coronal")).toMatch(/^Drawn: Length, [\d.]+ mm$/);
  await expect.poll(() => entries().count()).toBe(1);
  expect(await place("coronal")).toBe("P 10.0");
  await press("Shift+ArrowRight", "Enter", "ArrowRight", "ArrowRight", "Escape");
  await expect.poll(() => status("coronal")).toBe("Given up");
  await press("Enter", "Shift+ArrowLeft", "PageDown");
  await expect.poll(() => place("coronal")).not.toBe("P 10.0");
  await press("PageUp");
  await expect.poll(() => place("coronal")).toBe("P 10.0");
  expect(await entries().count()).toBe(1);
});

test("the list leads from images to planes and from planes to images", async () => {
  await choose("length");
  await drag("axial", [-30, 10, 22], [20, 10, 22]);
  await page.getByRole("button", { name: "Layout 1×1" }).click();
  const box = await page.locator(".stage").boundingBox();
  const [x, y] = [(box?.x ?? 0) + (box?.width ?? 0) / 2, (box?.y ?? 0) + (box?.height ?? 0) / 2];
  const [number = 0] = await imageNumbers(page);
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + 60, y, { steps: 3 });
  await page.mouse.up();
  await expect.poll(() => entries().count()).toBe(2);
  await entries().first().getByRole("button").first().click();
  await expect.poll(() => lines("axial").count(), { timeout: 60_000 }).toBe(1);
  expect(await place("axial")).toBe("H 22.0");
  await entries().last().getByRole("button").first().click();
  await expect.poll(() => mprButton().getAttribute("aria-pressed")).toBe("false");
  expect(await imageNumbers(page)).toEqual([number]);
  expect(browser.complaints.filter((complaint) => !complaint.includes("401"))).toEqual([]);
});
