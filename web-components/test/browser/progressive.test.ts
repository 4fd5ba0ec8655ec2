import type { CDPSession, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createDemoStudy } from "../../../sidecar/src/phantom/demo-study.js";
import { RunningStack } from "../../../sidecar/test/stack/running-stack.js";
import { Chromium } from "./chromium.js";
import { logInAsDoctor } from "./log-in.js";

/** What the test reads of the viewer. */
interface ViewerUnderTest extends HTMLElement {
  imageOnScreen?: { transferSyntaxUid: string; complete: boolean };
}

const BYTES_PER_SECOND = 60_000;
let stack: RunningStack;
let browser: Chromium;
let page: Page;
let network: CDPSession;
const [small] = createDemoStudy({ seed: 51, slices: 1, rows: 64, columns: 64 });
const [large] = createDemoStudy({ seed: 52, slices: 1, rows: 1024, columns: 1024 });

beforeAll(async () => {
  stack = await RunningStack.start();
  const events = await stack.events();
  await stack.storeOverWeb([small, large].flatMap((file) => file?.bytes ?? []));
  await events.until("renditions", () => events.of("instance.rendered").length === 2);
  events.close();
  browser = await Chromium.launch("en-US");
  page = await browser.page();
  network = await page.context().newCDPSession(page);
  await page.goto(`${stack.local.address}/viewer/${small?.studyInstanceUid ?? ""}`);
  await logInAsDoctor(page, stack);
  // The engine is in the browser's cache from here on: what is slow below is the image alone.
  await shown(true);
});

afterAll(async () => {
  await browser.close();
  await stack.stop();
});

async function shown(complete: boolean): Promise<void> {
  await page.waitForFunction(
    (wanted) => {
      const find = (root: ParentNode): ViewerUnderTest | undefined => {
        for (const element of root.querySelectorAll("*")) {
          if (element.localName === "neuronova-viewer") return element as ViewerUnderTest;
          const inner = element.shadowRoot && find(element.shadowRoot);
          if (inner) return inner;
        }
        return undefined;
      };
      return find(document)?.imageOnScreen?.complete === wanted;
    },
    complete,
    { polling: 20, timeout: 60_000 },
  );
}

/** The picture on screen, as levels of grey. */
async function levels(): Promise<number[]> {
  return page.locator(".canvas canvas").evaluate((canvas) => {
    const { width, height } = canvas as HTMLCanvasElement;
    const data = (canvas as HTMLCanvasElement).getContext("2d")?.getImageData(0, 0, width, height).data ?? [];
    return Array.from({ length: data.length / 4 }, (_, index) => data[4 * index] ?? 0);
  });
}

function distance(one: readonly number[], other: readonly number[]): number {
  return one.reduce((sum, level, index) => sum + Math.abs(level - (other[index] ?? 0)), 0) / one.length;
}

test("over a slow network an image is there at once, and sharpens until it is whole", async () => {
  await network.send("Network.enable");
  await network.send("Network.emulateNetworkConditions", {
    offline: false,
    latency: 20,
    downloadThroughput: BYTES_PER_SECOND,
    uploadThroughput: BYTES_PER_SECOND,
  });
  const frames: { bytes: number; seconds: number }[] = [];
  const begun = new Map<string, number>();
  network.on("Network.responseReceived", ({ requestId, response, timestamp }) => {
    if (response.url.includes("/frames/")) begun.set(requestId, timestamp);
  });
  network.on("Network.loadingFinished", ({ requestId, timestamp, encodedDataLength }) => {
    const start = begun.get(requestId);
    if (start !== undefined) frames.push({ bytes: encodedDataLength, seconds: timestamp - start });
  });
  await page.goto(`${stack.local.address}/viewer/${large?.studyInstanceUid ?? ""}`);

  await shown(false);
  await page.getByText("loading detail…").waitFor();
  // Nothing is called lossless before all of it is there.
  expect(await page.getByText("HTJ2K lossless").count()).toBe(0);
  const first = await levels();
  await Chromium.screenshot(page, "progressive-1-first");
  let second = first;
  for (const deadline = Date.now() + 30_000; distance(second, first) === 0 && Date.now() < deadline;) {
    await page.waitForTimeout(50);
    second = await levels();
  }
  // Before the screenshot, which takes its time on a busy machine.
  expect(frames).toEqual([]);
  await Chromium.screenshot(page, "progressive-2-sharper");
  await shown(true);
  const whole = await levels();
  await Chromium.screenshot(page, "progressive-3-whole");

  expect(await page.getByText("loading detail…").count()).toBe(0);
  expect(await page.getByText("HTJ2K lossless").count()).toBe(1);
  expect(distance(second, first)).toBeGreaterThan(0);
  expect(distance(first, whole)).toBeGreaterThan(distance(second, whole));
  expect(distance(second, whole)).toBeGreaterThan(0);
  // It came by one request, while which the picture was already there.
  expect(frames).toHaveLength(1);
  expect(frames[0]?.seconds).toBeGreaterThan(1);
  expect(frames[0]?.bytes).toBeGreaterThan(BYTES_PER_SECOND);
  expect(browser.complaints.filter((complaint) => !complaint.includes("401"))).toEqual([]);
});
