import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { DemoFile } from "../../../sidecar/src/phantom/demo-study.js";
import { foreignResults } from "../../../sidecar/test/foreign/foreign-results.js";
import type { EventRecorder } from "../../../sidecar/test/stack/event-recorder.js";
import { ReviewedResults } from "../../../sidecar/test/stack/reviewed-results.js";
import { RunningStack } from "../../../sidecar/test/stack/running-stack.js";
import { Chromium } from "./chromium.js";
import { imageNumbers, inViewer, openViewer } from "./viewer-page.js";

let stack: RunningStack;
let events: EventRecorder;
let browser: Chromium;
let page: Page;
let study: string;
let files: readonly DemoFile[];

/** A study with a result of ours, and beside it what another system stored there. */
beforeAll(async () => {
  stack = await RunningStack.start({ settings: { NEURONOVA_STABLE_AFTER_SECONDS: "0.5" } });
  events = await stack.events();
  const results = new ReviewedResults(stack, events);
  ({ study, files } = await results.analysed(401, { rows: 128, columns: 128 }));
  const { contours, half, measured, broken } = await foreignResults(files);
  expect((await stack.storeOverWeb([contours, half, measured, broken])).status).toBe(200);
  browser = await Chromium.launch();
  page = await browser.page();
  await openViewer(page, stack, study);
});

afterAll(async () => {
  events.close();
  await browser.close();
  await stack.stop();
});

const report = (text: string) => page.locator("[data-report]").filter({ hasText: text });
const chooser = () => page.getByRole("combobox", { name: "분할 영상" });

/** Pixels of the overlay that are drawn. */
const drawnPixels = () =>
  inViewer(page, (viewer) => {
    const canvas = viewer.shadowRoot?.querySelector<HTMLCanvasElement>("canvas.overlay");
    const data = canvas?.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
    return data.filter((value, at) => at % 4 === 3 && value > 0).length;
  });

describe("measurements", () => {
  test("of another system's report are shown with who measured, where, and the unit", async () => {
    const measured = report("Nodule A");
    await measured.waitFor({ timeout: 60_000 });
    const text = (await measured.innerText()).replace(/\s+/g, " ");
    expect(text).toContain("Imaging Measurement Report");
    expect(text).toContain("Measured elsewhere");
    expect(text).toContain("소견: Nodule");
    expect(text).toContain("부위: Brain");
    expect(text).toContain("사람: Lee, Jun");
    expect(text).toMatch(/Width.*12\.5 mm/);
    expect(text).toContain("UNVERIFIED");
    expect(text).not.toContain("AI");
  });

  test("of our own say that they are AI and not reviewed, with the model that measured", async () => {
    const own = report("AI, 판독 전");
    await own.waitFor();
    const text = (await own.innerText()).replace(/\s+/g, " ");
    expect(text).toMatch(/Volume.* mL/);
    expect(text).toMatch(/Diameter.*Derivation: Maximum.* mm/);
    expect(text).toContain("장치: Brain lesion segmentation");
  });

  test("lead to the image that they were made on", async () => {
    const fourth = files[3]?.sopInstanceUid;
    const index = await inViewer(
      page,
      (viewer, uid) => (viewer.images ?? []).findIndex(({ sopInstanceUid }) => sopInstanceUid === uid),
      fourth,
    );
    expect(index).toBeGreaterThanOrEqual(0);
    await report("Nodule A").getByRole("button", { name: "영상 보기" }).first().click();
    await page.waitForFunction(
      (number) =>
        document
          .querySelector("neuronova-workspace")
          ?.shadowRoot?.querySelector("neuronova-viewer")
          ?.shadowRoot?.querySelector("[data-slice]")?.textContent === number,
      String(index + 1),
    );
    expect(await imageNumbers(page)).toEqual([index + 1]);
    await Chromium.screenshot(page, "measurements-in-viewer");
  });

  test("a document that cannot be read says so, and keeps none of the others away", async () => {
    await report("Broken document").getByRole("alert").getByText("읽을 수 있는 내용이 없는").waitFor();
    expect(await page.locator("[data-report]").count()).toBe(3);
  });
});

describe("segmentations", () => {
  test("of other systems can be chosen, and say what they are instead of that AI made them", async () => {
    await chooser().waitFor();
    const options = await chooser().locator("option").allInnerTexts();
    const named = (start: RegExp) => options.filter((text) => start.test(text.trim()));
    expect(named(/^표시 안 함$/)).toHaveLength(1);
    expect(named(/^Brain lesion segmentation 1\.0\.0/)).toHaveLength(1);
    expect(named(/^Contours · MANUAL · .*Contour by hand$/)).toHaveLength(1);
    expect(named(/^Half of the field of view · MANUAL/)).toHaveLength(1);
    expect(options).toHaveLength(4);
    await chooser().selectOption({ label: options.find((text) => text.includes("Contours"))?.trim() ?? "" });
    const label = page.locator(".ai-label");
    await label.getByText("다른 시스템의 분할: Contours · MANUAL").waitFor();
    expect(await label.innerText()).not.toContain("AI");
    expect(await drawnPixels()).toBeGreaterThan(500);
    expect(await page.locator("button.edit").count()).toBe(0);
    await chooser().scrollIntoViewIfNeeded();
    await Chromium.screenshot(page, "segmentation-of-another-system");
  });

  test("that cover something else than the images are not drawn, and say why", async () => {
    const half = page.locator("option").filter({ hasText: "Half of the field of view" });
    await chooser().selectOption((await half.getAttribute("value")) ?? "");
    await page.getByRole("alert").getByText("이 영상들과 범위나 방향이 다릅니다.").waitFor();
    expect(await drawnPixels()).toBe(0);
    expect(await page.locator(".ai-label").count()).toBe(0);
    await chooser().scrollIntoViewIfNeeded();
    await Chromium.screenshot(page, "segmentation-not-drawn");
  });

  test("none is drawn when none is chosen, and the result comes back when it is", async () => {
    await chooser().selectOption("");
    await page.getByText("이 영상들과 범위나 방향이 다릅니다.").waitFor({ state: "detached" });
    expect(await drawnPixels()).toBe(0);
    const own = page.locator("option").filter({ hasText: "Brain lesion" });
    await chooser().selectOption((await own.getAttribute("value")) ?? "");
    await page.locator("button.jump").first().click();
    await page.locator(".ai-label").getByText("AI, 판독 전").waitFor();
    expect(await drawnPixels()).toBeGreaterThan(20);
  });
});
