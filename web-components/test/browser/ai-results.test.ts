import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { JobsUnderTest } from "../../../sidecar/test/stack/jobs-under-test.js";
import { Chromium } from "./chromium.js";

let jobs: JobsUnderTest;
let browser: Chromium;
let page: Page;
let study: string;
let failed: string;
const scripts: string[] = [];

beforeAll(async () => {
  jobs = await JobsUnderTest.start(5_300, { NEURONOVA_SUMMARY_IMAGE: "on" });
  browser = await Chromium.launch();
  page = await browser.page();
  page.on("request", (request) => scripts.push(new URL(request.url()).pathname));
  await page.goto(`${jobs.stack.local.address}/`);
});

afterAll(async () => {
  await browser.close();
  await jobs.stop();
});

/** Puts the element alone on the page, as somebody who embeds it does. */
async function embed(token: string, attributes: Readonly<Record<string, string>>): Promise<void> {
  await page.addScriptTag({ url: "/widgets/neuronova.js", type: "module" });
  await page.evaluate(
    ([access, given]) => {
      const results = document.createElement("neuronova-ai-results");
      for (const [name, value] of Object.entries(given)) results.setAttribute(name, value);
      Object.assign(results, { tokenProvider: () => Promise.resolve(access) });
      document.body.replaceChildren(results);
    },
    [token, attributes] as const,
  );
}

const card = (state: string) => page.locator(`[data-analysis="${state}"]`);

test("has a model look at a study that none has looked at, by the keyboard, and shows it live", async () => {
  const [file] = await jobs.stored({ unmatched: true, slices: 12, rows: 128, columns: 128 });
  study = file?.studyInstanceUid ?? "";
  await embed(jobs.doctor, { study });
  await page.getByText("아직 이 검사를 분석한 모델이 없습니다.").waitFor();
  await Chromium.screenshot(page, "ai-results-none");
  await jobs.inference.stop();
  await page.getByRole("combobox", { name: "모델" }).focus();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await card("queued").getByText("분석을 기다리고 있습니다.").waitFor();
  // It is asked for once: nothing is left to be run.
  await page.getByRole("button", { name: "실행", exact: true }).waitFor({ state: "detached" });
  await Chromium.screenshot(page, "ai-results-queued");
  await jobs.inference.start();
  await card("succeeded").waitFor({ timeout: 60_000 });
  expect(await page.locator(".badge").innerText()).toBe("AI, 판독 전");
  const shown = await jobs.stack.json<{ results: { segments: { volumeMl: number }[] }[] }>(
    `/api/studies/${study}`,
  );
  const volume = shown.results[0]?.segments[0]?.volumeMl ?? 0;
  expect(volume).toBeGreaterThan(0);
  await page.getByText(`${volume.toFixed(2)} ml`).waitFor();
});

test("shows the summary picture, and offers nothing that is done on images of a viewer", async () => {
  await page.locator("neuronova-thumbnail img").waitFor();
  await page.evaluate(() => {
    document.addEventListener("neuronova-image-open", (event) => {
      document.body.dataset["opened"] = (
        event as CustomEvent<{ sopInstanceUid: string }>
      ).detail.sopInstanceUid;
    });
  });
  await page.getByRole("button", { name: "요약 영상" }).click();
  expect(await page.evaluate(() => document.body.dataset["opened"])).toMatch(/^[0-9.]+$/);
  expect(await page.locator("button.edit, button.jump, input[type=checkbox]").count()).toBe(0);
  expect(scripts.filter((path) => /stage|decode|\.wasm/i.test(path))).toEqual([]);
  await page.setViewportSize({ width: 480, height: 1000 });
  await Chromium.screenshot(page, "ai-results-unreviewed");
});

test("opens the model's description by the keyboard, and Escape closes it", async () => {
  await page.getByRole("button", { name: /: 모델 설명$/ }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").getByRole("heading", { name: "tumor_detection 1.0.0" }).waitFor();
  expect(await page.getByRole("dialog").locator("table").count()).toBeGreaterThan(0);
  await Chromium.screenshot(page, "ai-results-model-card");
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "hidden" });
});

test("accepts with a comment, and everybody sees who did", async () => {
  await page.getByLabel("의견").fill("소견 일치");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.locator(".badge.accepted").waitFor({ timeout: 30_000 });
  expect(await page.locator(".badge").innerText()).toMatch(/^AI, .+ 승인, 20\d\d/);
  await page.getByText("VERIFIED", { exact: true }).waitFor({ timeout: 30_000 });
  await Chromium.screenshot(page, "ai-results-accepted");
});

test("says in the reader's language why there is no result, and has it done again", async () => {
  const [file] = await jobs.stored({ twin: true });
  failed = file?.studyInstanceUid ?? "";
  const { id } = await jobs.jobOf(failed);
  await embed(jobs.doctor, { study: failed, language: "en" });
  const over = page.locator(`[data-id="${id}"]`);
  await over.getByText("Two images lie at the same place.").waitFor({ timeout: 60_000 });
  await jobs.until("analysis.failed", id);
  const before = (await jobs.job(id)).finishedAt;
  await Chromium.screenshot(page, "ai-results-failed-en");
  const ends = () => jobs.events.of("analysis.failed", failed).length;
  const once = ends();
  await over.getByRole("button", { name: /^Do it again/ }).click();
  await jobs.events.until("a second end", () => ends() > once);
  await over.getByText("Two images lie at the same place.").waitFor({ timeout: 60_000 });
  expect((await jobs.job(id)).finishedAt).not.toBe(before);
});

test("shows nothing of a study any more from the moment another one is asked for", async () => {
  await page.route(`**/api/studies/${study}`, (route) => void setTimeout(() => void route.continue(), 1_500));
  const between = await page.evaluate(async (other) => {
    const results = document.querySelector("neuronova-ai-results");
    if (results === null) throw new Error("it is not there");
    const before = results.shadowRoot?.querySelectorAll("article").length;
    results.study = other;
    await results.updateComplete;
    return [before, results.shadowRoot?.querySelectorAll("article").length];
  }, study);
  expect(between).toEqual([1, 0]);
  await page.getByText("Loading…").waitFor();
  await card("succeeded").waitFor();
  expect(await page.getByText("Two images").count()).toBe(0);
  await page.unroute(`**/api/studies/${study}`);
});

test("offers nothing to decide or to run to who may only look", async () => {
  const nurse = await jobs.people.token("nurse-of-results", "nurse");
  await embed(nurse, { study: failed, language: "en" });
  await page.locator("article").waitFor();
  expect(await page.locator("neuronova-review, button.job, form.run").count()).toBe(0);
  await embed(nurse, { study, language: "en" });
  await page.getByText(/^AI, accepted by/).waitFor();
  expect(await page.locator("neuronova-review, button.job, form.run").count()).toBe(0);
});

test("tells who may not see a study no more than that it is not there or not theirs", async () => {
  const patient = await jobs.people.token("patient-of-results", "patient", {
    patient: { patientId: "SOMEBODY-ELSE", issuerOfPatientId: "" },
  });
  await embed(patient, { study, language: "en" });
  await page.getByRole("alert").getByText("This study is not there, or you may not see it.").waitFor();
  expect(await page.locator("article").count()).toBe(0);
});

test("says why there is nothing, and tries again when asked to", async () => {
  await page.route("**/api/studies/*", (route) => route.abort());
  await embed(jobs.doctor, { study, language: "en" });
  await page.getByRole("alert").getByText("The server does not answer.").waitFor();
  expect(await page.getByText("No model").count()).toBe(0);
  await page.unroute("**/api/studies/*");
  await page.getByRole("button", { name: "Try again" }).click();
  await card("succeeded").waitFor();
  expect(await page.getByRole("alert").count()).toBe(0);
});
