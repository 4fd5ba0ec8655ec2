import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createDemoStudy } from "../../../sidecar/src/phantom/demo-study.js";
import { RunningStack } from "../../../sidecar/test/stack/running-stack.js";
import { Chromium } from "./chromium.js";
import { imageNumbers, openViewer, until } from "./viewer-page.js";

let stack: RunningStack;
let browser: Chromium;
let page: Page;
const files = createDemoStudy({ seed: 64, slices: 12, rows: 128, columns: 128, lesion: "none" });
const study = files[0]?.studyInstanceUid ?? "";

beforeAll(async () => {
  stack = await RunningStack.start();
  const events = await stack.events();
  await stack.storeOverWeb(files.map(({ bytes }) => bytes));
  await events.until("renditions", () => events.of("instance.rendered").length === files.length);
  events.close();
  browser = await Chromium.launch("en-US");
});

afterAll(async () => {
  await browser.close();
  await stack.stop();
});

test("images whose token is refused come with another one, and scrolling goes on", async () => {
  page = await browser.page();
  let refused = 0;
  let expired: string | undefined;
  // The token of the first frame is refused for all others.
  await page.route("**/frames/**", async (route) => {
    const token = (await route.request().headerValue("authorization")) ?? "";
    expired ??= token;
    if (refused === 0 && (await page.locator("[data-slice]").count()) === 0) return route.continue();
    if (token !== expired) return route.continue();
    refused += 1;
    return route.fulfill({ status: 401, contentType: "application/problem+json", body: "{}" });
  });
  await openViewer(page, stack, study);
  await page.locator(".stage").focus();
  await page.keyboard.press("Home");
  await expect.poll(() => imageNumbers(page), { timeout: 30_000 }).toEqual([1]);
  for (const number of [2, 3, 4, 5, 6]) {
    await page.keyboard.press("ArrowDown");
    await expect.poll(() => imageNumbers(page), { timeout: 30_000 }).toEqual([number]);
  }
  expect(refused).toBeGreaterThan(0);
  expect(await page.getByRole("alert").count()).toBe(0);
  await page.close();
});

test("an image that cannot be had leaves no other image under its number, and says why", async () => {
  page = await browser.page();
  const broken = files[11]?.sopInstanceUid ?? "";
  await page.route(`**/instances/${broken}/frames/**`, (route) => route.fulfill({ status: 404, body: "" }));
  await page.goto(`${stack.local.address}/viewer/${study}`);
  await until(page, (viewer) => viewer.imageOnScreen?.complete === true);
  await page.locator(".stage").focus();
  await page.keyboard.press("End");
  await page.getByRole("alert").waitFor();
  expect(await page.getByRole("alert").innerText()).toContain("HTTP 404");
  expect(await page.locator("[data-slice]").count()).toBe(0);
  expect(await page.locator(".canvas").isVisible()).toBe(false);
  await Chromium.screenshot(page, "viewer-failed-image");
  await page.keyboard.press("Home");
  await expect.poll(() => imageNumbers(page)).toEqual([1]);
  expect(await page.locator(".canvas").isVisible()).toBe(true);
  await page.close();
});

test("whose image it is comes from the image on screen, not from its series", async () => {
  page = await browser.page();
  await page.route("**/series/*/metadata", async (route) => {
    const response = await route.fetch();
    const images = (await response.json()) as Record<string, { vr?: string; Value?: unknown[] }>[];
    for (const image of images)
      if (image["00080018"]?.Value?.[0] === files[3]?.sopInstanceUid)
        Object.assign(image, {
          "00100010": { vr: "PN", Value: [{ Alphabetic: "Somebody^Else" }] },
          "00100020": { vr: "LO", Value: ["OTHER-1"] },
        });
    await route.fulfill({ response, json: images });
  });
  await page.goto(`${stack.local.address}/viewer/${study}`);
  await until(page, (viewer) => viewer.imageOnScreen?.complete === true);
  const identity = () => page.locator(".corner.tl").innerText();
  await page.locator(".stage").focus();
  await page.keyboard.press("Home");
  await expect.poll(() => imageNumbers(page)).toEqual([1]);
  const first = await identity();
  expect(first).not.toContain("OTHER-1");
  for (let image = 1; image < 4; image += 1) await page.keyboard.press("ArrowDown");
  await expect.poll(() => imageNumbers(page)).toEqual([4]);
  expect(await identity()).toContain("Somebody, Else");
  expect(await identity()).toContain("OTHER-1");
  await page.keyboard.press("ArrowDown");
  await expect.poll(() => imageNumbers(page)).toEqual([5]);
  expect(await identity()).toBe(first);
  await page.close();
});

test("two fingers zoom, one does what the tool does", async () => {
  page = await browser.page();
  await page.goto(`${stack.local.address}/viewer/${study}`);
  await until(page, (viewer) => viewer.imageOnScreen?.complete === true);
  const touch = await page.context().newCDPSession(page);
  const box = await page.locator(".stage").boundingBox();
  const [x, y] = [(box?.x ?? 0) + (box?.width ?? 0) / 2, (box?.y ?? 0) + (box?.height ?? 0) / 2];
  const send = (type: "touchStart" | "touchMove" | "touchEnd", ...points: [number, number][]) =>
    touch.send("Input.dispatchTouchEvent", {
      type,
      touchPoints: points.map(([px, py], id) => ({ x: px, y: py, id })),
    });
  await send("touchStart", [x - 50, y], [x + 50, y]);
  for (const apart of [60, 80, 100]) await send("touchMove", [x - apart, y], [x + apart, y]);
  await send("touchEnd");
  await expect.poll(() => page.locator(".corner.br").innerText()).toMatch(/Zoom (1\.9|2\.0)/);
  await page.locator("[data-tool=scroll]").click();
  const [before = 0] = await imageNumbers(page);
  await send("touchStart", [x, y]);
  for (const down of [12, 24, 36]) await send("touchMove", [x, y + down]);
  await send("touchEnd");
  await expect.poll(async () => (await imageNumbers(page))[0]).toBeGreaterThan(before);
  await page.close();
});
