import type { CDPSession, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createDemoStudy } from "../../../sidecar/src/phantom/demo-study.js";
import { RunningStack } from "../../../sidecar/test/stack/running-stack.js";
import { Chromium } from "./chromium.js";
import { EmrPage } from "./emr-page.js";

/** What the test reads of a viewer, some of it behind its private door. */
interface ViewerUnderTest extends HTMLElement {
  study?: string;
  readonly images?: readonly { readonly sopInstanceUid: string }[];
  readonly imageOnScreen?: {
    readonly sopInstanceUid: string;
    readonly index: number;
    readonly complete: boolean;
  };
  readonly stage?: { readonly constructor: { readonly held: { images: number; bytes: number } } };
  showImage(index: number): Promise<void>;
}

interface Held {
  readonly images: number;
  readonly bytes: number;
}

const MEBIBYTE = 1024 ** 2;
const SIZE = { rows: 256, columns: 256 };
const SLICES = 8;
const BYTES_OF_A_STUDY = SLICES * SIZE.rows * SIZE.columns * 2;
const studies = [91, 92, 93].map((seed) =>
  createDemoStudy({ seed, slices: SLICES, lesion: "none", ...SIZE }),
);
const [kept = "", ...others] = studies.map(([first]) => first?.studyInstanceUid ?? "");
let emr: EmrPage;
let stack: RunningStack;
let browser: Chromium;
let page: Page;
let devtools: CDPSession;
let sockets = 0;

beforeAll(async () => {
  emr = await EmrPage.open();
  stack = await RunningStack.start({
    embedding: { origins: [emr.origin] },
    // No model is asked: what is looked at here is the images.
    settings: { NEURONOVA_STABLE_AFTER_SECONDS: "3600" },
  });
  emr.hub = stack.local.address;
  emr.token = () => stack.token("doctor");
  const files = studies.flat();
  const events = await stack.events();
  await stack.storeOverWeb(files.map(({ bytes }) => bytes));
  await events.until("renditions", () => events.of("instance.rendered").length === files.length);
  events.close();
  browser = await Chromium.launch("en-US");
  page = await browser.page();
  page.on("websocket", (socket) => {
    sockets += 1;
    socket.on("close", () => (sockets -= 1));
  });
  await page.addInitScript(() => {
    const contexts = new Set<object>();
    const ask = HTMLCanvasElement.prototype.getContext as (type: string, ...rest: unknown[]) => object | null;
    HTMLCanvasElement.prototype.getContext = function (
      this: HTMLCanvasElement,
      type: string,
      ...rest: unknown[]
    ) {
      const context = ask.call(this, type, ...rest);
      if (context !== null && type.startsWith("webgl")) contexts.add(context);
      return context;
    } as typeof HTMLCanvasElement.prototype.getContext;
    Object.assign(globalThis, { webglContexts: () => contexts.size });
  });
  devtools = await page.context().newCDPSession(page);
  await page.goto(emr.origin);
  await openIn("neuronova-viewer", kept);
});

afterAll(async () => {
  await browser.close();
  emr.close();
  await stack.stop();
});

/** Opens a study in the viewer of that selector, and waits until all of its images are in memory. */
async function openIn(selector: string, study: string): Promise<void> {
  await page.locator(selector).evaluate((element, uid) => {
    (element as ViewerUnderTest).study = uid;
  }, study);
  await shown(selector);
}

async function shown(selector: string): Promise<void> {
  await page.waitForFunction(
    (which) => {
      const viewer = document.querySelector<ViewerUnderTest>(which);
      return viewer?.imageOnScreen?.complete === true;
    },
    selector,
    { polling: "raf", timeout: 60_000 },
  );
}

/** What the engine keeps, asked of the viewer that stays. */
function held(): Promise<Held> {
  return page
    .locator("neuronova-viewer")
    .first()
    .evaluate((viewer) => {
      const { images = NaN, bytes = NaN } = (viewer as ViewerUnderTest).stage?.constructor.held ?? {};
      return { images, bytes };
    });
}

async function memory() {
  await devtools.send("HeapProfiler.collectGarbage");
  const { usedSize, backingStorageSize = NaN } = (await devtools.send("Runtime.getHeapUsage")) as {
    usedSize: number;
    backingStorageSize?: number;
  };
  const contexts = await page.evaluate(() =>
    (globalThis as unknown as { webglContexts(): number }).webglContexts(),
  );
  return {
    heap: usedSize + (Number.isNaN(backingStorageSize) ? 0 : backingStorageSize),
    contexts,
    workers: page.workers().length,
    sockets,
  };
}

/** Opens a viewer beside the one that stays, looks at all images of a study, and takes the viewer away. */
async function openAndClose(study: string): Promise<void> {
  await page.evaluate((uid) => {
    const viewer = document.createElement("neuronova-viewer") as unknown as ViewerUnderTest;
    viewer.className = "second";
    viewer.study = uid;
    document.querySelector("main")?.append(viewer);
  }, study);
  await shown(".second");
  for (const index of [0, SLICES - 1])
    await page.locator(".second").evaluate((viewer, at) => (viewer as ViewerUnderTest).showImage(at), index);
  await page.locator(".second").evaluate((viewer) => viewer.remove());
}

test("what only a closed viewer showed is given up, and what another still shows stays", async () => {
  await expect.poll(held, { timeout: 30_000 }).toEqual({ images: SLICES, bytes: BYTES_OF_A_STUDY });
  await openAndClose(kept);
  expect(await held()).toEqual({ images: SLICES, bytes: BYTES_OF_A_STUDY });
  await openAndClose(others[0] ?? "");
  expect(await held()).toEqual({ images: SLICES, bytes: BYTES_OF_A_STUDY });
  const [first] = await Promise.all([
    page
      .locator("neuronova-viewer")
      .first()
      .evaluate(async (viewer) => {
        await (viewer as ViewerUnderTest).showImage(0);
        return (viewer as ViewerUnderTest).imageOnScreen?.complete;
      }),
  ]);
  expect(first).toBe(true);
});

test("another study in the same viewer takes the place of the first", async () => {
  for (const study of [others[0] ?? "", others[1] ?? "", kept]) {
    await openIn("neuronova-viewer", study);
    await expect.poll(held, { timeout: 30_000 }).toEqual({ images: SLICES, bytes: BYTES_OF_A_STUDY });
  }
});

test("opening and closing a study fifty times leaves memory, workers, sockets and contexts as they were", async () => {
  const after: Record<number, Awaited<ReturnType<typeof memory>>> = {};
  for (let round = 1; round <= 50; round += 1) {
    await openAndClose(others[round % 2] ?? "");
    if (round === 10 || round === 50) after[round] = await memory();
  }
  const [early, late] = [after[10], after[50]];
  expect(late?.workers).toBe(early?.workers);
  expect(late?.sockets).toBe(1);
  expect(late?.contexts).toBe(early?.contexts);
  // Forty studies more, each of one mebibyte, and the elements they were shown in.
  expect(((late?.heap ?? NaN) - (early?.heap ?? NaN)) / MEBIBYTE).toBeLessThan(4);
  expect(browser.complaints.filter((complaint) => !complaint.includes("401"))).toEqual([]);
}, 300_000);
