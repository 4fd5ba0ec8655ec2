import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

const FLAGS = [
  "--no-sandbox",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--use-angle=swiftshader",
  "--enable-unsafe-swiftshader",
  "--ignore-gpu-blocklist",
];
const FRAMES = /\/frames\//;
const PATIENCE_MILLISECONDS = 60_000;

/** Explicit VR Little Endian, uncompressed, by the same door. */
export const UNCOMPRESSED =
  'multipart/related; type="application/octet-stream"; transfer-syntax=1.2.840.10008.1.2.1';

/** @typedef {{ megabitsPerSecond: number, latencyMilliseconds: number }} Line */

/**
 * The viewer in Chromium, logged in, its engine in the browser's cache.
 *
 * @param {{ address: string, password: string, warmUpStudy: string }} options
 */
export async function openViewer({ address, password, warmUpStudy }) {
  const profile = mkdtempSync(join(tmpdir(), "neuronova-chromium-"));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: "/usr/bin/chromium",
    headless: true,
    args: FLAGS,
    viewport: { width: 1400, height: 860 },
  });
  const page = await context.newPage();
  const network = await context.newCDPSession(page);
  await network.send("Network.enable");
  /** @type {string | undefined} */
  let accept;
  /** @type {number | undefined} seconds of the browser's clock when the first frame was asked for */
  let asked;
  /** @param {import("playwright-core").Route} route */
  const asWanted = (route) =>
    route.continue(accept === undefined ? {} : { headers: { ...route.request().headers(), accept } });
  network.on("Network.requestWillBeSent", ({ request, wallTime }) => {
    if (request.url.includes("/frames/")) asked ??= wallTime;
  });
  await page.goto(`${address}/viewer/${warmUpStudy}`);
  await page.fill("input[name=username]", "doctor");
  await page.fill("input[name=password]", password);
  await page.click("button[type=submit]");
  await whenShown(page, true);

  return {
    /**
     * Milliseconds from the first question for a frame to anything of the image on screen, and to all of it.
     *
     * @param {string} studyInstanceUid one that the browser has not seen
     * @param {{ accept?: string, line?: Line }} [how]
     */
    async timesOf(studyInstanceUid, how = {}) {
      accept = how.accept;
      asked = undefined;
      // While anything is routed the browser uses no cache: of both sides, here, and of none where pages are timed.
      await page.route(FRAMES, asWanted);
      await network.send("Network.emulateNetworkConditions", conditionsOf(how.line));
      await page.goto(`${address}/viewer/${studyInstanceUid}`);
      const first = await whenShown(page, undefined);
      const whole = await whenShown(page, true);
      await page.unroute(FRAMES, asWanted);
      const begun = (asked ?? Number.NaN) * 1000;
      return { first: first.at - begun, whole: whole.at - begun, syntax: whole.transferSyntaxUid };
    },
    /**
     * Milliseconds from going to the page of a study to the first picture and to the whole image on screen in our viewer,
     * and to OHIF's first picture on the same server.
     *
     * @param {string} studyInstanceUid
     * @param {{ line?: Line, cold?: boolean }} [how] cold: nothing is in the browser's cache, also not the page's code
     */
    async pageTimes(studyInstanceUid, how = {}) {
      accept = undefined;
      await network.send("Network.emulateNetworkConditions", conditionsOf(how.line));
      /** @param {string} path */
      const go = async (path) => {
        if (how.cold === true) await network.send("Network.clearBrowserCache");
        await page.goto(address + path);
      };
      await go(`/viewer/${studyInstanceUid}`);
      const first = await whenShown(page, undefined);
      const whole = await whenShown(page, true);
      const origin = await page.evaluate(() => performance.timeOrigin);
      await go(`/ohif/viewer?StudyInstanceUIDs=${studyInstanceUid}`);
      return { first: first.at - origin, whole: whole.at - origin, ohif: await whenOhifShows(page) };
    },
    /**
     * Different pictures on screen a second while a study is scrolled through from its first image to its last, once
     * all images are in memory: in our viewer, and in OHIF.
     *
     * @param {string} studyInstanceUid of one series
     * @param {number} slices
     */
    async scrollTimes(studyInstanceUid, slices) {
      accept = undefined;
      await network.send("Network.emulateNetworkConditions", conditionsOf(undefined));
      const idle = () => page.waitForLoadState("networkidle", { timeout: 5 * PATIENCE_MILLISECONDS });
      await page.goto(`${address}/viewer/${studyInstanceUid}`);
      await whenShown(page, true);
      await idle();
      const ours = await picturesPerSecond(page, slices);
      await page.goto(`${address}/ohif/viewer?StudyInstanceUIDs=${studyInstanceUid}`);
      await whenOhifShows(page);
      await idle();
      const ohif = await picturesPerSecond(page, slices);
      return { ours, ohif };
    },
    async close() {
      await context.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}

/**
 * OHIF does not say what is on screen, so its canvas is looked at: anything bright in the middle of it.
 *
 * @param {import("playwright-core").Page} page
 * @returns {Promise<number>} milliseconds after the page was gone to
 */
async function whenOhifShows(page) {
  const found = await page.waitForFunction(
    () => {
      const { document } = /** @type {any} */ (globalThis);
      const canvas = document.querySelector(".cornerstone-canvas");
      if (!canvas?.width) return undefined;
      const copy = document.createElement("canvas");
      [copy.width, copy.height] = [32, 32];
      const context = copy.getContext("2d");
      context.drawImage(canvas, 0, 0, 32, 32);
      const { data } = context.getImageData(8, 8, 16, 16);
      return data.some((/** @type {number} */ level, /** @type {number} */ at) => at % 4 === 0 && level > 40)
        ? performance.now()
        : undefined;
    },
    undefined,
    { polling: 20, timeout: PATIENCE_MILLISECONDS },
  );
  return /** @type {number} */ (await found.jsonValue());
}

/**
 * Turns the wheel over the image once in each frame of the browser, back to the first image and then to the last, and
 * counts how often the picture is another one.
 *
 * @param {import("playwright-core").Page} page
 * @param {number} slices
 * @returns {Promise<number>}
 */
function picturesPerSecond(page, slices) {
  return page.evaluate(async (count) => {
    const { document, WheelEvent, requestAnimationFrame } = /** @type {any} */ (globalThis);
    /** @param {any} root @returns {any} */
    const find = (root) => {
      const canvas = root.querySelector(".cornerstone-canvas");
      if (canvas) return canvas;
      for (const element of root.querySelectorAll("*")) {
        const inner = element.shadowRoot && find(element.shadowRoot);
        if (inner) return inner;
      }
      return undefined;
    };
    const canvas = find(document);
    const copy = document.createElement("canvas");
    [copy.width, copy.height] = [64, 64];
    const context = copy.getContext("2d", { willReadFrequently: true });
    const picture = () => {
      context.drawImage(canvas, 0, 0, 64, 64);
      return context
        .getImageData(0, 0, 64, 64)
        .data.reduce((/** @type {number} */ hash, /** @type {number} */ level) => (hash * 31 + level) | 0, 7);
    };
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    /** @param {number} deltaY */
    const turn = (deltaY) =>
      canvas.dispatchEvent(
        new WheelEvent("wheel", { deltaY, bubbles: true, cancelable: true, composed: true }),
      );
    for (let at = 0; at < count; at += 1) {
      turn(-60);
      await frame();
    }
    for (let at = 0; at < 60; at += 1) await frame();
    const begun = performance.now();
    let [last, changes, changed] = [picture(), 0, begun];
    // On for as long as the picture changes: a viewer that is behind has to get there.
    for (let at = 0; at < count || performance.now() - changed < 500; at += 1) {
      if (at < count) turn(60);
      await frame();
      const now = picture();
      if (now === last) continue;
      [last, changed] = [now, performance.now()];
      changes += 1;
    }
    return (changes / (changed - begun)) * 1000;
  }, slices);
}

/** @param {Line | undefined} line */
function conditionsOf(line) {
  if (line === undefined) return { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: -1 };
  const throughput = (line.megabitsPerSecond * 1e6) / 8;
  const latency = line.latencyMilliseconds;
  return { offline: false, latency, downloadThroughput: throughput, uploadThroughput: throughput };
}

/**
 * @param {import("playwright-core").Page} page
 * @param {boolean | undefined} complete undefined for whatever is there first
 * @returns {Promise<{ at: number, transferSyntaxUid: string }>}
 */
async function whenShown(page, complete) {
  const found = await page.waitForFunction(
    (wanted) => {
      /** @param {any} root @returns {any} */
      const find = (root) => {
        for (const element of root.querySelectorAll("*")) {
          if (element.localName === "neuronova-viewer") return element;
          const inner = element.shadowRoot && find(element.shadowRoot);
          if (inner) return inner;
        }
        return undefined;
      };
      const image = find(/** @type {any} */ (globalThis).document)?.imageOnScreen;
      if (image === undefined || (wanted !== undefined && image.complete !== wanted)) return undefined;
      return { at: performance.timeOrigin + performance.now(), transferSyntaxUid: image.transferSyntaxUid };
    },
    complete,
    { polling: "raf", timeout: PATIENCE_MILLISECONDS },
  );
  return /** @type {{ at: number, transferSyntaxUid: string }} */ (await found.jsonValue());
}
