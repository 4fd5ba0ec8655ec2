import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createDemoStudy } from "../../../sidecar/src/phantom/demo-study.js";
import { RunningStack } from "../../../sidecar/test/stack/running-stack.js";
import { Chromium } from "./chromium.js";
import { logInAsDoctor } from "./log-in.js";

const SLICES = 8;
const SIZE = 512;
const SHOWN = 128;
const HTJ2K = "1.2.840.10008.1.2.4.202";

let stack: RunningStack;
let browser: Chromium;
let page: Page;
const frames: { status: number; parts: Promise<Buffer> }[] = [];
const missing: string[] = [];
const study = createDemoStudy({ seed: 61, slices: SLICES, rows: SIZE, columns: SIZE });
const studyInstanceUid = study[0]?.studyInstanceUid ?? "";

beforeAll(async () => {
  stack = await RunningStack.start({ settings: { NEURONOVA_STABLE_AFTER_SECONDS: "2" } });
  const events = await stack.events();
  await stack.storeOverWeb(study.map(({ bytes }) => bytes));
  await events.until("renditions", () => events.of("instance.rendered").length >= SLICES);
  await events.until("the analysis", () => events.of("analysis.succeeded").length === 1);
  events.close();
  browser = await Chromium.launch("en-US");
  page = await browser.page();
  page.on("response", (response) => {
    if (response.status() === 404) missing.push(response.url());
    if (!response.url().includes("/frames/")) return;
    frames.push({ status: response.status(), parts: response.body() });
  });
});

afterAll(async () => {
  await browser.close();
  await stack.stop();
});

/** The square in the middle of the picture on screen, which a square image fills, as SHOWN × SHOWN levels of grey. */
function levels(): Promise<number[]> {
  return page.evaluate((size) => {
    const canvas = document.querySelector<HTMLCanvasElement>(".cornerstone-canvas");
    const copy = document.createElement("canvas");
    [copy.width, copy.height] = [size, size];
    const context = copy.getContext("2d");
    if (canvas === null || context === null || canvas.width === 0) return [];
    const side = Math.min(canvas.width, canvas.height);
    context.imageSmoothingQuality = "high";
    const [left, top] = [(canvas.width - side) / 2, (canvas.height - side) / 2];
    context.drawImage(canvas, left, top, side, side, 0, 0, size, size);
    const { data } = context.getImageData(0, 0, size, size);
    return Array.from({ length: size * size }, (_, index) => data[4 * index] ?? 0);
  }, SHOWN);
}

/** The slice as its samples say, through the window that is on screen, made as small. */
function expectedLevels(file: Uint8Array): number[] {
  const samples = new Uint16Array(file.slice(-SIZE * SIZE * 2).buffer);
  const step = SIZE / SHOWN;
  return Array.from({ length: SHOWN * SHOWN }, (_, index) => {
    const [x, y] = [(index % SHOWN) * step, Math.floor(index / SHOWN) * step];
    let sum = 0;
    for (let row = 0; row < step; row += 1)
      for (let column = 0; column < step; column += 1)
        sum += Math.min(1400, samples[(y + row) * SIZE + x + column] ?? 0);
    return sum / step / step;
  });
}

/** Pearson's coefficient. */
function correlation(one: readonly number[], other: readonly number[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanOne, meanOther] = [mean(one), mean(other)];
  let [product, squareOne, squareOther] = [0, 0, 0];
  one.forEach((value, index) => {
    const [a, b] = [value - meanOne, (other[index] ?? 0) - meanOther];
    product += a * b;
    squareOne += a * a;
    squareOther += b * b;
  });
  return product / Math.sqrt(squareOne * squareOther);
}

test("without a login of the workspace, OHIF is the login page", async () => {
  await page.goto(`${stack.local.address}/ohif/viewer?StudyInstanceUIDs=${studyInstanceUid}`);
  await page.waitForSelector("input[name=username]");
  expect(new URL(page.url()).pathname).toBe("/");
  await logInAsDoctor(page, stack);
  await page.waitForSelector("input[type=search]");
});

test("OHIF lists the studies", async () => {
  await page.goto(`${stack.local.address}/ohif/`);
  await page.getByText("MR").first().waitFor({ timeout: 60_000 });
  await Chromium.screenshot(page, "ohif-list");
});

test("opened from the study list, OHIF draws HTJ2K frames of the lossless rendition as their samples are", async () => {
  await page.goto(`${stack.local.address}/`);
  await page.getByRole("link", { name: /^OHIF/ }).click();
  await page.waitForURL(`**/ohif/viewer?StudyInstanceUIDs=${studyInstanceUid}`);
  await page.getByText("Skip all").click({ timeout: 60_000 });
  // The last slice is the first on screen: OHIF goes from head to foot.
  const expected = expectedLevels(study.at(-1)?.bytes ?? new Uint8Array());
  await expect
    .poll(async () => correlation(await levels(), expected), { timeout: 60_000, interval: 500 })
    .toBeGreaterThan(0.98);
  const mirrored = expected.map(
    (_, index) => expected[index - (index % SHOWN) + SHOWN - 1 - (index % SHOWN)] ?? 0,
  );
  expect(correlation(await levels(), mirrored)).toBeLessThan(0.95);
  await Chromium.screenshot(page, "ohif-viewer");
  expect(frames.length).toBeGreaterThan(0);
  for (const { status, parts } of frames) {
    expect(status).toBe(200);
    expect((await parts).toString("latin1", 0, 300)).toContain(`transfer-syntax=${HTJ2K}`);
  }

  expect(missing).toEqual([]);
  // What the login page and OHIF hear of a session that is not there yet is 401, and nothing else is complained of.
  expect(browser.complaints.filter((complaint) => !complaint.includes("401"))).toEqual([]);
});

const resultOf = (modality: "SEG" | "SR") =>
  page.locator('[data-cy="study-browser-thumbnail-no-image"]', { hasText: new RegExp(`^${modality}`) });

test("OHIF lists the segment of our SEG and draws it (landmarks.test.ts measures where)", async () => {
  await page.getByText("Confirm and hide").click();
  await resultOf("SEG").dblclick();
  await page.locator('[data-cy="yes-hydrate-btn"]').click({ timeout: 60_000 });
  await page.locator('[data-cy="panelSegmentation-btn"]').click();
  const segments = page.locator('[data-cy="data-row-title"]');
  await segments.first().waitFor();
  expect(await segments.allInnerTexts()).toEqual(["Lesion"]);
  // The panel takes room from the picture, which is drawn anew for what is left of it.
  await page.waitForFunction(() => {
    const canvas = document.querySelector<HTMLCanvasElement>(".cornerstone-canvas");
    return canvas !== null && Math.abs(canvas.width - canvas.clientWidth * devicePixelRatio) < 2;
  });
  await Chromium.screenshot(page, "ohif-segments");
});

/** Values of all NUM items of a content tree, as OHIF writes them. */
function figures(items: readonly ContentItem[]): string[] {
  return items.flatMap((item) => {
    const measured = item["0040A300"]?.Value?.[0];
    const unit = measured?.["004008EA"]?.Value?.[0]?.["00080100"]?.Value?.[0];
    const figure =
      measured === undefined ? [] : [`${String(measured["0040A30A"]?.Value?.[0])} ${String(unit)}`];
    return [...figure, ...figures(item["0040A730"]?.Value ?? [])];
  });
}
interface ContentItem {
  readonly "0040A730"?: { readonly Value?: readonly ContentItem[] };
  readonly "0040A300"?: {
    readonly Value?: readonly {
      readonly "0040A30A"?: { readonly Value?: readonly number[] };
      readonly "004008EA"?: {
        readonly Value?: readonly { readonly "00080100"?: { readonly Value?: readonly string[] } }[];
      };
    }[];
  };
}

test("OHIF shows our SR, whose measurements have no coordinates, as text with every figure", async () => {
  const before = browser.complaints.length;
  const [{ "0020000E": series } = {}] = await stack.json<{ "0020000E"?: { Value: string[] } }[]>(
    `/dicom-web/studies/${studyInstanceUid}/series?Modality=SR`,
  );
  const [report] = await stack.json<ContentItem[]>(
    `/dicom-web/studies/${studyInstanceUid}/series/${series?.Value[0] ?? ""}/metadata`,
  );
  const stored = figures(report === undefined ? [] : [report]);
  expect(stored.some((figure) => figure.endsWith(" mL"))).toBe(true);
  await resultOf("SR").dblclick();
  await page.getByText("Imaging Measurement Report").first().waitFor();
  const shown = await page.locator("body").innerText();
  for (const figure of stored) expect(shown).toContain(figure);
  expect(shown).toContain("Demonstration, not for clinical use");
  for (const words of ["Volume:", "Diameter:", "Lesion", "Finding Site:"]) expect(shown).toContain(words);
  await page.getByText("Measurement Group").first().scrollIntoViewIfNeeded();
  await Chromium.screenshot(page, "ohif-report");
  expect(browser.complaints.slice(before)).toEqual([]);
});
