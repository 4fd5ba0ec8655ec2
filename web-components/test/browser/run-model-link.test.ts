import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { JobsUnderTest } from "../../../sidecar/test/stack/jobs-under-test.js";
import { Chromium } from "./chromium.js";
import { logInAsDoctor } from "./log-in.js";
import { inViewer, until } from "./viewer-page.js";

const EXPLORER = new URL("../../../orthanc-config/orthanc-explorer-2.json", import.meta.url);
let jobs: JobsUnderTest;
let browser: Chromium;
let page: Page;
let study: string;

beforeAll(async () => {
  jobs = await JobsUnderTest.start(5_300);
  const [file] = await jobs.stored({ unmatched: true, slices: 12, rows: 128, columns: 128 });
  study = file?.studyInstanceUid ?? "";
  browser = await Chromium.launch("en-US");
  page = await browser.page();
  await page.setViewportSize({ width: 1_200, height: 420 });
});

afterAll(async () => {
  await browser.close();
  await jobs.stop();
});

/** Where Orthanc Explorer's button leads. */
async function linkOf(button: string): Promise<string> {
  const { OrthancExplorer2 } = JSON.parse(await readFile(EXPLORER, "utf8")) as {
    OrthancExplorer2: { UiOptions: { CustomButtons: { study: { Id: string; Url: string }[] } } };
  };
  const { study: buttons } = OrthancExplorer2.UiOptions.CustomButtons;
  return (buttons.find(({ Id }) => Id === button)?.Url ?? "").replace("{StudyInstanceUID}", study);
}

const model = () => page.locator("neuronova-ai-results form.run select").first();
const hasFocus = () => model().evaluate((select) => select.matches(":focus"));

test("Orthanc Explorer's button leads, past the login, to the form that has a model work", async () => {
  const link = await linkOf("neuronova-run-model");
  expect(link).toBe(`/viewer/${study}#run-model`);
  await page.goto(`${jobs.stack.local.address}${link}`);
  await logInAsDoctor(page, jobs.stack);
  await model().waitFor();
  await expect.poll(hasFocus).toBe(true);
  const { top, bottom } = await model().evaluate(
    (select) => select.getBoundingClientRect().toJSON() as DOMRect,
  );
  expect(top).toBeGreaterThanOrEqual(0);
  expect(bottom).toBeLessThanOrEqual(420);
  await Chromium.screenshot(page, "viewer-run-model-en");
});

test("the focus is taken once: what is heard of the study later does not take it from the reader", async () => {
  await until(page, (viewer) => viewer.imageOnScreen?.complete === true);
  await page.locator(".stage").focus();
  await jobs.post("/api/ai/jobs", { model: jobs.model, version: "1.0.0", studyInstanceUid: study });
  // It is asked for once: nothing is left to be run.
  await model().waitFor({ state: "detached", timeout: 60_000 });
  expect(await inViewer(page, (viewer) => viewer.shadowRoot?.activeElement?.className)).toContain("stage");
});

test("without it the viewer leaves the focus where it is", async () => {
  const [other] = await jobs.stored({ unmatched: true, slices: 3, rows: 64, columns: 64 });
  await page.goto(`${jobs.stack.local.address}/viewer/${other?.studyInstanceUid ?? ""}`);
  await model().waitFor();
  await until(page, (viewer) => viewer.imageOnScreen?.complete === true);
  expect(await hasFocus()).toBe(false);
});
