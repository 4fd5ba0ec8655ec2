import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { EventRecorder } from "../../../sidecar/test/stack/event-recorder.js";
import { People } from "../../../sidecar/test/stack/people.js";
import { ReviewedResults } from "../../../sidecar/test/stack/reviewed-results.js";
import { RunningStack } from "../../../sidecar/test/stack/running-stack.js";
import { Chromium } from "./chromium.js";
import { logInAsDoctor } from "./log-in.js";

/** What the test uses of the viewer. */
interface ViewerUnderTest extends HTMLElement {
  readonly imageOnScreen: { readonly index: number } | undefined;
  readonly updateComplete: Promise<boolean>;
  showImage(index: number): Promise<void>;
}

let stack: RunningStack;
let events: EventRecorder;
let results: ReviewedResults;
let people: People;
let browser: Chromium;
let page: Page;
const SIZE = { slices: 24, rows: 128, columns: 128 };

beforeAll(async () => {
  stack = await RunningStack.start({
    settings: { NEURONOVA_STABLE_AFTER_SECONDS: "0.5", NEURONOVA_REVIEW_POLICY: "hold-for-review" },
  });
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
  await page.locator("neuronova-review").waitFor({ timeout: 60_000 });
  return { study, id };
}

describe("a doctor in the AI panel", () => {
  test("sees that the result is held and not reviewed, with its segmentation over the image", async () => {
    await open(301);
    await page.getByText("판독 확인 대기 중").waitFor();
    expect(await page.locator(".badge").innerText()).toBe("AI, 판독 전");
    await segmentationThere();
    await Chromium.screenshot(page, "review-held");
  });

  test("is asked for a reason before a rejection is sent, and the field has the focus", async () => {
    await page.getByRole("button", { name: "반려" }).click();
    await page.getByRole("alert").getByText("반려에는 사유가 필요합니다.").waitFor();
    expect(await focused()).toBe("reason");
    await page.getByLabel("사유 (반려 시)").selectOption("other");
    await page.getByRole("button", { name: "반려" }).click();
    await page.getByText("기타 사유를 적어 주십시오.").waitFor();
    expect(await focused()).toBe("comment");
  });

  test("accepts by the keyboard alone, and everybody sees who did", async () => {
    // From the comment it is one step to the button that accepts.
    await page.keyboard.type("소견 일치");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.locator(".badge.accepted").waitFor({ timeout: 30_000 });
    expect(await page.locator(".badge").innerText()).toMatch(/^AI, .+ 승인, 20\d\d/);
    await page.getByText("소견 일치").waitFor();
    expect(await page.locator("neuronova-review").count()).toBe(0);
    await page.getByText("VERIFIED", { exact: true }).waitFor({ timeout: 30_000 });
    await showSegmentedImage();
    await page.locator(".ai-label").getByText("승인").waitFor();
    await Chromium.screenshot(page, "review-accepted");
  });

  test("is told who was first when somebody else has decided meanwhile", async () => {
    const { id } = await open(302);
    const lee = await people.token("lee", "doctor", { displayName: "이준" });
    const { reportSopInstanceUid } = await results.result(id);
    // The other decision is made between this click and its arrival at the server.
    await page.route("**/api/ai/results/*/review", async (route) => {
      const other = await results.review(
        id,
        { decision: "rejected", reason: "false-positive", reportSopInstanceUid },
        lee,
      );
      expect(other.status).toBe(200);
      await route.continue();
    });
    const answered = page.waitForResponse("**/api/ai/results/*/review");
    await page.getByRole("button", { name: "승인" }).click();
    expect((await answered).status()).toBe(409);
    await page.locator(".badge.rejected").waitFor();
    const told = page.getByRole("alert").getByText("다른 사람이 먼저 결정했습니다");
    await told.waitFor();
    expect(await told.innerText()).toContain("이준 반려");
    expect(await page.locator(".badge").innerText()).toContain("이준 반려");
    await page.getByText("위양성").waitFor();
    await Chromium.screenshot(page, "review-conflict");
    await page.unroute("**/api/ai/results/*/review");
  });
});

function segmentationThere() {
  return page.waitForFunction(() => {
    const viewer = document
      .querySelector("neuronova-workspace")
      ?.shadowRoot?.querySelector<HTMLElement & { grid: { active: { segmentation?: object } } }>(
        "neuronova-viewer",
      );
    return viewer?.grid.active.segmentation !== undefined;
  });
}

/** The first image that the segmentation lies on; it comes a moment after the decision was carried out. */
async function showSegmentedImage(): Promise<void> {
  await segmentationThere();
  for (let index = 0; index < SIZE.slices; index += 1) {
    // Once it is on screen, and the labels with it.
    await page.evaluate(async (at) => {
      const viewer = document
        .querySelector("neuronova-workspace")
        ?.shadowRoot?.querySelector<ViewerUnderTest>("neuronova-viewer");
      await viewer?.showImage(at);
      while (viewer?.imageOnScreen?.index !== at) await new Promise((resolve) => setTimeout(resolve, 10));
      await viewer.updateComplete;
    }, index);
    if ((await page.locator(".ai-label").count()) > 0) return;
  }
  throw new Error("the segmentation is on no image");
}

/** `name` of the field that has the focus, within the panel. */
function focused(): Promise<string | undefined> {
  return page.evaluate(() => {
    let active: Element | null = document.activeElement;
    while (active?.shadowRoot?.activeElement != null) active = active.shadowRoot.activeElement;
    return active?.getAttribute("name") ?? undefined;
  });
}
