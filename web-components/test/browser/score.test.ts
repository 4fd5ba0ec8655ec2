import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createDemoCt } from "../../../sidecar/src/phantom/demo-ct.js";
import type { EventRecorder } from "../../../sidecar/test/stack/event-recorder.js";
import { RunningStack } from "../../../sidecar/test/stack/running-stack.js";
import { Chromium } from "./chromium.js";
import { logInAsDoctor } from "./log-in.js";

let stack: RunningStack;
let events: EventRecorder;
let browser: Chromium;
let page: Page;
let study: string;

beforeAll(async () => {
  stack = await RunningStack.start({ settings: { NEURONOVA_STABLE_AFTER_SECONDS: "0.5" } });
  events = await stack.events();
  const files = createDemoCt({});
  study = files[0]?.studyInstanceUid ?? "";
  await stack.storeOverDicom(files);
  await events.until("score", () => events.of("analysis.succeeded", study).length === 1);
  browser = await Chromium.launch();
  page = await browser.page();
  await page.goto(`${stack.local.address}/viewer/${study}`);
  await logInAsDoctor(page, stack);
});

afterAll(async () => {
  events.close();
  await browser.close();
  await stack.stop();
});

test("a model's score is shown with its range and meaning, as a demonstration, and is no finding", async () => {
  const panel = page.locator("article.card");
  await panel.locator(".score").waitFor({ timeout: 60_000 });
  const { results } = await stack.json<{
    results: { scores: { title: string; value: number; meaning: string; band: { label: string } }[] }[];
  }>(`/api/studies/${study}`);
  const [score] = results[0]?.scores ?? [];
  const text = await panel.innerText();
  expect(text).toContain(score?.title);
  expect(text).toContain(score?.value.toFixed(2));
  expect(text).toContain("(0 – 1)");
  expect(text).toContain(score?.meaning);
  expect(text).toContain(score?.band.label);
  expect(text).not.toContain("소견이 없습니다");
  expect(text).toContain("시연용");
});

test("where the model looked is drawn over the images, and can be hidden", async () => {
  const painted = () =>
    page.evaluate(() => {
      const canvas = document
        .querySelector("neuronova-workspace")
        ?.shadowRoot?.querySelector("neuronova-viewer")
        ?.shadowRoot?.querySelector<HTMLCanvasElement>("canvas.overlay");
      const data = canvas?.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
      return data.filter((value, at) => at % 4 === 3 && value > 0).length;
    });
  const slider = page.locator("input[type=range]").first();
  await slider.waitFor();
  await expect.poll(painted, { timeout: 30_000 }).toBeGreaterThan(500);
  await Chromium.screenshot(page, "score-with-attention");
  await page.getByLabel("표시: 모델이 주목한 곳").uncheck();
  await expect.poll(painted).toBe(0);
});
