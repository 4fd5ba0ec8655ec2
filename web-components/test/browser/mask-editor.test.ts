import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { EventRecorder } from "../../../sidecar/test/stack/event-recorder.js";
import { People } from "../../../sidecar/test/stack/people.js";
import { ReviewedResults } from "../../../sidecar/test/stack/reviewed-results.js";
import { RunningStack } from "../../../sidecar/test/stack/running-stack.js";
import { Chromium } from "./chromium.js";
import { logInAsDoctor } from "./log-in.js";

/** What the test reads of the viewer, some of it behind its private door. */
interface ViewerUnderTest extends HTMLElement {
  readonly imageOnScreen: { readonly index: number } | undefined;
  readonly stage: {
    readonly corners: Record<"topLeft" | "topRight" | "bottomLeft", readonly [number, number]>;
  };
}

const SIZE = { rows: 128, columns: 128 };
/** The longest that a drawing may take on a busy machine. */
const SOON = { timeout: 20_000 };
let stack: RunningStack;
let events: EventRecorder;
let results: ReviewedResults;
let people: People;
let browser: Chromium;
let page: Page;

beforeAll(async () => {
  stack = await RunningStack.start({ settings: { NEURONOVA_STABLE_AFTER_SECONDS: "0.5" } });
  events = await stack.events();
  results = new ReviewedResults(stack, events);
  people = new People(stack);
  browser = await Chromium.launch();
  page = await browser.page();
  await page.goto(`${stack.local.address}/`);
  await logInAsDoctor(page, stack);
  await page.getByText("아직 검사가 없습니다").waitFor();
});

afterAll(async () => {
  events.close();
  await browser.close();
  await stack.stop();
});

async function open(seed: number): Promise<{ study: string; id: number }> {
  const { study, id } = await results.analysed(seed, SIZE);
  await page.goto(`${stack.local.address}/viewer/${study}`);
  await page.locator("button.jump").first().waitFor({ timeout: 60_000 });
  await expect.poll(index, { timeout: 60_000 }).toBeGreaterThan(0);
  return { study, id };
}

/** Goes to the image with the most of the segment, and waits until it is drawn there. */
async function jump(): Promise<void> {
  await expect
    .poll(async () => {
      await page.locator("button.jump").first().click();
      return painted();
    }, SOON)
    .toBeGreaterThan(0);
  await settled();
}

function index(): Promise<number | undefined> {
  return page.evaluate(
    () =>
      document
        .querySelector("neuronova-workspace")
        ?.shadowRoot?.querySelector<ViewerUnderTest>("neuronova-viewer")?.imageOnScreen?.index,
  );
}

/** Overlay pixels on the screen that have any colour. */
function painted(): Promise<number> {
  return page.evaluate(() => {
    const canvas = document
      .querySelector("neuronova-workspace")
      ?.shadowRoot?.querySelector("neuronova-viewer")
      ?.shadowRoot?.querySelector<HTMLCanvasElement>("canvas.overlay");
    const data = canvas?.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
    return data.filter((value, at) => at % 4 === 3 && value > 0).length;
  });
}

/** Waits until two looks one after the other are the same. */
async function settled(): Promise<number> {
  let last = -1;
  await expect
    .poll(async () => {
      const [before, now] = [last, await painted()];
      last = now;
      return now === before;
    }, SOON)
    .toBe(true);
  return last;
}

/** A place on the page, by its place on the image from 0 to 1. */
async function onPage(across: number, down: number): Promise<{ x: number; y: number }> {
  const box = await page.locator("neuronova-brush-layer").boundingBox();
  const corners = await page.evaluate(
    () =>
      document
        .querySelector("neuronova-workspace")
        ?.shadowRoot?.querySelector<ViewerUnderTest>("neuronova-viewer")?.stage.corners,
  );
  if (box === null || corners === undefined) throw new Error("nothing to paint on");
  const { topLeft, topRight, bottomLeft } = corners;
  return {
    x: box.x + topLeft[0] + across * (topRight[0] - topLeft[0]),
    y: box.y + topLeft[1] + down * (bottomLeft[1] - topLeft[1]),
  };
}

async function drag(from: readonly [number, number], to: readonly [number, number]): Promise<void> {
  const [begin, end] = [await onPage(...from), await onPage(...to)];
  await page.mouse.move(begin.x, begin.y);
  await page.mouse.down();
  await page.mouse.move(end.x, end.y, { steps: 4 });
  await page.mouse.up();
}

describe("a doctor who corrects a segmentation", () => {
  let study: string;
  let id: number;
  let before: number;

  test("goes to the image with the most of it, and sees its outline alone when asked for", async () => {
    ({ study, id } = await open(401));
    await page.locator("[tabindex='0'][role=img]").press("Home");
    await expect.poll(index, SOON).toBe(0);
    await jump();
    expect(await index()).toBeGreaterThan(0);
    before = await settled();
    await page.getByLabel("윤곽선만").check();
    await expect.poll(painted, SOON).toBeLessThan(before / 2);
    expect(await painted()).toBeGreaterThan(0);
    await page.getByLabel("윤곽선만").uncheck();
    await expect.poll(painted, SOON).toBe(before);
  });

  test("paints by dragging, sees it at once as not saved, and takes a stroke back", async () => {
    await page.getByRole("button", { name: "경계 수정" }).click();
    await page.locator("neuronova-brush-layer").waitFor();
    const undo = page.getByRole("button", { name: "실행 취소" });
    expect(await undo.isDisabled()).toBe(true);
    await page.getByRole("button", { name: "수정 저장" }).click();
    await page.getByRole("alert").getByText("바뀐 것이 없습니다").waitFor();
    await drag([0.2, 0.2], [0.4, 0.2]);
    await expect.poll(painted, SOON).toBeGreaterThan(before);
    await page.locator(".ai-label").getByText("아직 저장되지 않음").waitFor();
    await undo.click();
    await expect.poll(painted, SOON).toBe(before);
    expect(await undo.isDisabled()).toBe(true);
  });

  test("paints and erases by the keyboard", async () => {
    await page.locator("neuronova-brush-layer").focus();
    for (let step = 0; step < 4; step += 1) await page.keyboard.press("Shift+ArrowUp");
    await page.keyboard.press("Space");
    await expect.poll(painted, SOON).toBeGreaterThan(before);
    await page.getByRole("button", { name: "지우기" }).click();
    await page.locator("neuronova-brush-layer").focus();
    await page.keyboard.press("Space");
    await expect.poll(painted, SOON).toBe(before);
    await page.getByRole("button", { name: "칠하기" }).click();
  });

  test("saves it with a comment: the segmentation in the archive is what was drawn, under their name", async () => {
    const { segments } = await results.result(id);
    await drag([0.2, 0.2], [0.5, 0.2]);
    await expect.poll(painted, SOON).toBeGreaterThan(before);
    const drawn = await settled();
    await Chromium.screenshot(page, "mask-editor");
    await page.locator("neuronova-mask-editor textarea").fill("앞쪽 경계를 넓힘");
    const answered = page.waitForResponse("**/api/ai/results/*/segmentation?*");
    await page.getByRole("button", { name: "수정 저장" }).click();
    const answer = await answered;
    expect(answer.status(), await answer.text()).toBe(200);
    await page.locator(".badge.edited").waitFor({ timeout: 30_000 });
    expect(await page.locator("neuronova-brush-layer").count()).toBe(0);
    await page.getByText("앞쪽 경계를 넓힘").waitFor();
    await results.applied(study, 1);
    const corrected = await results.result(id);
    expect(corrected.review).toMatchObject({
      decision: "edited",
      reason: "wrong-boundary",
      comment: "앞쪽 경계를 넓힘",
      state: "applied",
    });
    expect(corrected.segments[0]?.volumeMl).toBeGreaterThan(segments[0]?.volumeMl ?? Infinity);
    // The SEG that is stored now is read and drawn again: the same pixels.
    await page.reload();
    await page.locator("button.jump").first().waitFor({ timeout: 60_000 });
    await jump();
    await expect.poll(painted, SOON).toBe(drawn);
    await Chromium.screenshot(page, "mask-corrected");
  });

  test("is told who was first when somebody decided while they were drawing", async () => {
    ({ study, id } = await open(402));
    await jump();
    await page.getByRole("button", { name: "경계 수정" }).click();
    await page.locator("neuronova-brush-layer").waitFor();
    const unchanged = await settled();
    await drag([0.2, 0.2], [0.4, 0.2]);
    await expect.poll(painted, SOON).toBeGreaterThan(unchanged);
    const lee = await people.token("lee", "doctor", { displayName: "이준" });
    const { reportSopInstanceUid } = await results.result(id);
    const other = { decision: "rejected", reason: "false-positive", reportSopInstanceUid };
    expect((await results.review(id, other, lee)).status).toBe(200);
    const answered = page.waitForResponse("**/api/ai/results/*/segmentation?*");
    await page.getByRole("button", { name: "수정 저장" }).click();
    const answer = await answered;
    expect(answer.status(), await answer.text()).toBe(409);
    const told = page.getByRole("alert").getByText("다른 사람이 먼저 결정했습니다");
    await told.waitFor();
    expect(await told.innerText()).toContain("이준 반려");
    expect(await page.locator("neuronova-brush-layer").count()).toBe(0);
  });
});

test("another study waits while a correction is not saved, and nothing is lost without a word", async () => {
  // Not in the archive: what is looked at is that it comes to its turn.
  const other = "1.2.826.0.1.3680043.404";
  const { study } = await open(404);
  await jump();
  await page.getByRole("button", { name: "경계 수정" }).click();
  await page.locator("neuronova-brush-layer").waitFor();
  const unchanged = await settled();
  await drag([0.2, 0.2], [0.4, 0.2]);
  await expect.poll(painted, SOON).toBeGreaterThan(unchanged);
  const drawn = await settled();
  const viewer = page.locator("neuronova-viewer");
  const goTo = (uid: string) =>
    viewer.evaluate((element, to) => {
      Object.assign(globalThis, { told: [] as string[] });
      element.addEventListener("neuronova-unsaved", (event) =>
        (globalThis as unknown as { told: string[] }).told.push(
          (event as CustomEvent<{ studyInstanceUid: string }>).detail.studyInstanceUid,
        ),
      );
      (element as unknown as { study: string }).study = to;
    }, uid);
  await goTo(other);
  const dialog = page.getByRole("dialog", { name: "수정이 저장되지 않았습니다" });
  await dialog.waitFor();
  expect(await page.evaluate(() => (globalThis as unknown as { told: string[] }).told)).toEqual([other]);
  await Chromium.screenshot(page, "viewer-unsaved");
  await dialog.getByRole("button", { name: "계속 수정" }).click();
  expect(await viewer.evaluate((element) => (element as unknown as { study: string }).study)).toBe(study);
  expect(await settled()).toBe(drawn);
  await goTo(other);
  await dialog.getByRole("button", { name: "버리고 검사 열기" }).click();
  await expect
    .poll(() => viewer.evaluate((element) => (element as unknown as { study: string }).study), SOON)
    .toBe(other);
  await expect.poll(() => page.locator("neuronova-brush-layer").count(), SOON).toBe(0);
  await page.locator(".middle.bad").waitFor();
  expect(await index()).toBeUndefined();
}, 240_000);

test("in English on a narrow page the tools are below the image, and can be discarded", async () => {
  await page.getByRole("button", { name: "English" }).click();
  await open(403);
  await page.getByRole("button", { name: "English" }).click();
  await jump();
  await page.setViewportSize({ width: 700, height: 1100 });
  await page.getByRole("button", { name: "Correct the outline" }).click();
  await page.getByRole("button", { name: "Paint", exact: true }).waitFor();
  await Chromium.screenshot(page, "mask-editor-narrow-en");
  await page.getByRole("button", { name: "Discard" }).click();
  await page.locator("neuronova-review").waitFor();
  expect(await page.locator("neuronova-brush-layer").count()).toBe(0);
  expect(browser.complaints.filter((complaint) => complaint.includes("Content Security Policy"))).toEqual([]);
});
