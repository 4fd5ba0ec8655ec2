import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createDemoCt } from "../../../sidecar/src/phantom/demo-ct.js";
import { createDemoStudy } from "../../../sidecar/src/phantom/demo-study.js";
import { RunningStack } from "../../../sidecar/test/stack/running-stack.js";
import { Chromium } from "./chromium.js";
import { EmrPage } from "./emr-page.js";

const SIZE = { slices: 6, rows: 128, columns: 128 };
const mr = createDemoStudy({ seed: 94, seriesCount: 3, lesion: "none", ...SIZE });
const second = createDemoStudy({
  seed: 95,
  seriesCount: 2,
  lesion: "none",
  patient: { name: "Kim^Minji=金^旼志=김^민지", id: "DEMO-0095", birthDate: "19810502", sex: "F" },
  ...SIZE,
});
const ct = createDemoCt({ seed: 96, stroke: "none", ...SIZE });
let emr: EmrPage;
let stack: RunningStack;
let browser: Chromium;
let page: Page;

beforeAll(async () => {
  emr = await EmrPage.open("nine");
  stack = await RunningStack.start({
    embedding: { origins: [emr.origin] },
    // No model is asked: what is looked at here is the images.
    settings: { NEURONOVA_STABLE_AFTER_SECONDS: "3600" },
  });
  emr.hub = stack.local.address;
  emr.token = () => stack.token("doctor");
  const files = [...mr, ...second, ...ct];
  const views = new Map(
    files.map(({ studyInstanceUid: study, seriesInstanceUid: series }) => [
      String(series),
      { study, series },
    ]),
  );
  emr.views = Array.from({ length: 9 }, (_, place) => [...views.values()][place % views.size]).filter(
    (view) => view !== undefined,
  );
  const events = await stack.events();
  await stack.storeOverWeb(files.map(({ bytes }) => bytes));
  await events.until("renditions", () => events.of("instance.rendered").length === files.length);
  events.close();
  browser = await Chromium.launch();
  page = await browser.page();
  await page.addInitScript(() => {
    const contexts = new Set<WebGLRenderingContext>();
    const ask = HTMLCanvasElement.prototype.getContext as (type: string, ...rest: unknown[]) => object | null;
    HTMLCanvasElement.prototype.getContext = function (
      this: HTMLCanvasElement,
      type: string,
      ...rest: unknown[]
    ) {
      const context = ask.call(this, type, ...rest);
      if (context !== null && type.startsWith("webgl")) contexts.add(context as WebGLRenderingContext);
      return context;
    } as typeof HTMLCanvasElement.prototype.getContext;
    // One that draws has been given a size; the browser's abilities are asked of another, of a pixel or so.
    Object.assign(globalThis, {
      drawingContexts: () =>
        [...contexts].filter((one) => !one.isContextLost() && one.canvas.width > 300).length,
    });
  });
  await page.goto(emr.origin);
});

afterAll(async () => {
  await browser.close();
  emr.close();
  await stack.stop();
});

interface ViewerUnderTest extends HTMLElement {
  readonly imageOnScreen?: {
    readonly sopInstanceUid: string;
    readonly index: number;
    readonly complete: boolean;
  };
}

/** What each viewer says it shows, and whether there is a picture of many greys on its canvas. */
function seen() {
  return page.locator("neuronova-viewer").evaluateAll((viewers) =>
    viewers.map((viewer) => {
      const { imageOnScreen, shadowRoot } = viewer as ViewerUnderTest;
      const canvas = shadowRoot?.querySelector<HTMLCanvasElement>(".canvas canvas");
      const { width = 1, height = 1 } = canvas ?? {};
      const data = canvas?.getContext("2d")?.getImageData(0, 0, width, height).data ?? [];
      const greys = new Set<number>();
      for (let at = 0; at < data.length; at += 4) greys.add(data[at] ?? 0);
      return {
        sopInstanceUid: imageOnScreen?.sopInstanceUid,
        index: imageOnScreen?.index,
        isPicture: imageOnScreen?.complete === true && greys.size > 20,
        name: shadowRoot?.querySelector(".corner.tl strong")?.textContent.trim(),
      };
    }),
  );
}

test("nine viewers show an image each, of their own series and patient, drawn by one context", async () => {
  await expect
    .poll(async () => (await seen()).filter(({ isPicture }) => isPicture).length, { timeout: 60_000 })
    .toBe(9);
  const files = [...mr, ...second, ...ct];
  for (const [place, { sopInstanceUid, name }] of (await seen()).entries()) {
    const file = files.find((one) => one.sopInstanceUid === sopInstanceUid);
    expect(file?.seriesInstanceUid).toBe(emr.views[place]?.series);
    expect(name).toContain(second.some((one) => one.sopInstanceUid === sopInstanceUid) ? "김민지" : "홍길동");
  }
  expect(
    await page.evaluate(() => (globalThis as unknown as { drawingContexts(): number }).drawingContexts()),
  ).toBe(1);
  await Chromium.screenshot(page, "nine-viewers");
});

test("scrolling one leaves the others where they are", async () => {
  const before = await seen();
  await page.locator(".stage").nth(4).hover();
  await page.mouse.wheel(0, 60);
  await expect.poll(async () => (await seen())[4]?.index).toBe((before[4]?.index ?? NaN) + 1);
  const after = await seen();
  for (const [place, { sopInstanceUid, isPicture }] of after.entries()) {
    expect(isPicture).toBe(true);
    if (place !== 4) expect(sopInstanceUid).toBe(before[place]?.sopInstanceUid);
  }
  expect(browser.complaints.filter((complaint) => !complaint.includes("401"))).toEqual([]);
});
