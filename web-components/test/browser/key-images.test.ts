import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createDemoStudy } from "../../../sidecar/src/phantom/demo-study.js";
import { foreignKeyImages } from "../../../sidecar/test/foreign/foreign-results.js";
import { People } from "../../../sidecar/test/stack/people.js";
import { RunningStack } from "../../../sidecar/test/stack/running-stack.js";
import { violations } from "./axe.js";
import { Chromium } from "./chromium.js";
import { imageNumbers, inViewer, openViewer, until } from "./viewer-page.js";

const SLICES = 4;
const options = { slices: SLICES, rows: 128, columns: 128, lesion: "none" } as const;
const files = createDemoStudy({ seed: 511, ...options });
const other = createDemoStudy({ seed: 512, ...options });
const study = files[0]?.studyInstanceUid ?? "";

let stack: RunningStack;
let browser: Chromium;
let page: Page;
let people: People;

beforeAll(async () => {
  stack = await RunningStack.start({ settings: { NEURONOVA_STABLE_AFTER_SECONDS: "3600" } });
  people = new People(stack);
  await people.store(...[...files, ...other].map(({ bytes }) => bytes));
  browser = await Chromium.launch("en-US");
  page = await browser.page();
  await openViewer(page, stack, study);
}, 300_000);

afterAll(async () => {
  await browser.close();
  await stack.stop();
});

/** What the page notes of its printing. */
interface Printed {
  printed: number;
  texts: string[];
}

const panel = () => page.getByRole("region", { name: "Key images" });
const entries = () => page.locator("[data-selection]");
const mark = () => page.locator(".key-mark");
const dialog = () => page.getByRole("dialog", { name: "Mark as key image" });

async function show(number: number): Promise<void> {
  await inViewer(page, (viewer, index) => viewer.showImage(index), number - 1);
  await expect.poll(() => imageNumbers(page)).toEqual([number]);
}

/** The series in use in two viewports side by side. */
async function showSeriesTwice(): Promise<void> {
  await page.getByRole("button", { name: "Layout 1×2" }).click();
  await page.locator(".stage").nth(1).focus();
  const series = await inViewer(page, (viewer) => viewer.grid.places[0]?.viewport.series);
  await inViewer(
    page,
    (viewer, uid) => {
      viewer.series = uid;
    },
    series ?? "",
  );
  await until(page, (viewer) =>
    viewer.grid.places.every(({ viewport }) => viewport.visible?.complete === true),
  );
}

describe("a reader marks key images", () => {
  test("by the keyboard alone: the key is in the list, and asks what for", async () => {
    await show(2);
    expect(await panel().count()).toBe(0);
    await page.locator(".stage").focus();
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "Keyboard shortcuts" }).getByText("Key image").waitFor();
    await page.keyboard.press("Escape");
    await page.keyboard.press("k");
    await dialog().waitFor();
    await dialog().getByText("Image 2 / 4").waitFor();
    // One image is on screen: there are no others to be asked about.
    expect(await dialog().getByRole("checkbox").count()).toBe(0);
    expect(await violations(page)).toEqual([]);
    await Chromium.screenshot(page, "key-image-dialog-en");
    await page.keyboard.press("Escape");
    await expect.poll(() => page.locator("dialog[open]").count()).toBe(0);
    expect(await page.locator(".stage").evaluate((element) => element.matches(":focus"))).toBe(true);
    await page.keyboard.press("k");
    await page.keyboard.type("For t");
    await page.keyboard.press("Tab");
    await page.keyboard.type("Beside the ventricle");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await expect.poll(() => entries().count()).toBe(1);
    expect(await entries().first().innerText()).toMatch(
      /For teaching[\s\S]*Beside the ventricle[\s\S]*Image 2/,
    );
  });

  test("the image says that it is one, and no other does", async () => {
    expect(await mark().innerText()).toBe("★ Key image: For teaching");
    expect(await violations(page)).toEqual([]);
    await Chromium.screenshot(page, "key-image-marked-en");
    await show(4);
    await expect.poll(() => mark().count()).toBe(0);
    await entries().getByRole("button", { name: "Image 2" }).click();
    await expect.poll(() => imageNumbers(page)).toEqual([2]);
    await mark().waitFor();
  });

  test("all that are on screen at once", async () => {
    await showSeriesTwice();
    await page.getByRole("button", { name: "Linked scrolling" }).click();
    await page.locator(".stage").nth(1).focus();
    await page.keyboard.press("End");
    await expect.poll(() => imageNumbers(page)).toEqual([2, 4]);
    await page.getByRole("button", { name: "Key image", exact: true }).click();
    await dialog().getByLabel("All 2 images on screen").check();
    await dialog().getByRole("button", { name: "Save" }).click();
    await expect.poll(() => entries().count()).toBe(2);
    const of = (number: number) =>
      entries()
        .first()
        .getByRole("button", { name: `Image ${number}`, exact: false });
    expect([await of(4).count(), await of(2).count()]).toEqual([1, 1]);
    await expect
      .poll(() => mark().allInnerTexts())
      .toEqual(["★ Key image: Of interest, For teaching", "★ Key image: Of interest"]);
    await page.getByRole("button", { name: "Layout 1×1" }).click();
  });

  test("sees those of others as they come, and may withdraw only their own", async () => {
    const { described } = await foreignKeyImages(files);
    await stack.storeOverWeb([described]);
    await expect.poll(() => entries().count(), { timeout: 30_000 }).toBe(3);
    const foreign = entries().filter({ hasText: "Doe, Jane" });
    expect(await foreign.innerText()).toMatch(/For teaching[\s\S]*Look at this\./);
    expect(await foreign.getByRole("button", { name: "Withdraw" }).count()).toBe(0);
    const own = entries().filter({ hasText: "Beside the ventricle" });
    await own.getByRole("button", { name: "Withdraw" }).click();
    await expect.poll(() => entries().count()).toBe(2);
    expect(await own.count()).toBe(0);
    expect(await violations(page)).toEqual([]);
  });

  test("hears why one was not saved, and loses nothing of what was written", async () => {
    await page.route("**/key-images", (route) =>
      route.request().method() === "POST" ? route.abort() : route.continue(),
    );
    await show(3);
    await page.getByRole("button", { name: "Key image", exact: true }).click();
    await dialog().getByLabel("Comment").fill("Kept");
    await dialog().getByRole("button", { name: "Save" }).click();
    await dialog().getByRole("alert").getByText("The key image was not saved").waitFor();
    expect(await dialog().getByLabel("Comment").inputValue()).toBe("Kept");
    expect(await violations(page)).toEqual([]);
    await page.unroute("**/key-images");
    await dialog().getByRole("button", { name: "Save" }).click();
    await expect.poll(() => entries().count()).toBe(3);
  });

  test("in Korean", async () => {
    await page.getByRole("button", { name: "한국어" }).click();
    const korean = page.getByRole("region", { name: "키 이미지" });
    await korean.getByText("교육용").waitFor();
    expect(await mark().innerText()).toBe("★ 키 이미지: 관심 영상");
    await Chromium.screenshot(page, "key-images-ko");
    await page.getByRole("button", { name: "English" }).click();
  });

  test("nothing of them is shown with another study", async () => {
    await inViewer(
      page,
      (viewer, uid) => {
        (viewer as unknown as { study: string }).study = uid;
      },
      other[0]?.studyInstanceUid ?? "",
    );
    await expect.poll(() => entries().count()).toBe(0);
    await until(page, (viewer) => viewer.imageOnScreen?.complete === true);
    expect(await mark().count()).toBe(0);
    expect(await panel().count()).toBe(0);
  });
});

describe("printing", () => {
  const sheet = () => page.locator("[data-neuronova-print]");

  test("shows the images on screen with whose they are, one on a page, and nothing of the page around", async () => {
    await page.evaluate(() => {
      const seen = window as unknown as Printed;
      seen.printed = 0;
      seen.texts = [];
      window.print = () => {
        seen.printed += 1;
      };
      const { prototype } = OffscreenCanvasRenderingContext2D;
      const write = prototype.fillText;
      prototype.fillText = function (...given) {
        seen.texts.push(given[0]);
        write.apply(this, given);
      };
    });
    await showSeriesTwice();
    await page.getByRole("button", { name: "Print" }).click();
    const { printed, texts } = await page.evaluate(() => {
      const { printed: times, texts: written } = window as unknown as Printed;
      return { printed: times, texts: written };
    });
    expect(printed).toBe(1);
    const numbers = await imageNumbers(page);
    expect(numbers).toHaveLength(2);
    for (const line of [
      "Hong, Gildong",
      "DEMO-0001 · 1 Jan 1970 born",
      "1 Mar 2025 · Brain MR (synthetic phantom)",
      ...numbers.map((number) => `Image ${number} / ${SLICES}`),
      "Not for diagnostic use",
    ])
      expect(texts).toContain(line);
    // On screen the page is as it was.
    expect(await sheet().isVisible()).toBe(false);
    expect(await page.locator("neuronova-workspace").isVisible()).toBe(true);
    await page.emulateMedia({ media: "print" });
    expect(await sheet().isVisible()).toBe(true);
    expect(await page.locator("neuronova-workspace").isVisible()).toBe(false);
    expect(await sheet().locator("canvas").count()).toBe(2);
    await Chromium.screenshot(page, "print-en");
    const pdf = (await page.pdf({ path: "test-artifacts/print-en.pdf", format: "A4" })).toString("latin1");
    expect(pdf.match(/\/Type\s*\/Page\b/g)).toHaveLength(2);
  });

  test("leaves nothing behind", async () => {
    await page.evaluate(() => dispatchEvent(new Event("afterprint")));
    expect(await sheet().count()).toBe(0);
    expect(await page.evaluate(() => document.adoptedStyleSheets.length)).toBe(0);
    expect(await page.locator("neuronova-workspace").isVisible()).toBe(true);
    await page.emulateMedia({ media: "screen" });
  });

  test("nothing offended the strict CSP", () => {
    expect(browser.complaints.filter((complaint) => !/401|ERR_FAILED/.test(complaint))).toEqual([]);
  });
});
