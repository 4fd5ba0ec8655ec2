import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { EventRecorder } from "../../../sidecar/test/stack/event-recorder.js";
import { ReviewedResults } from "../../../sidecar/test/stack/reviewed-results.js";
import { RunningStack } from "../../../sidecar/test/stack/running-stack.js";
import { Chromium } from "./chromium.js";

let stack: RunningStack;
let events: EventRecorder;
let browser: Chromium;
let page: Page;
let study: string;
let analysis: number;

beforeAll(async () => {
  stack = await RunningStack.start({ settings: { NEURONOVA_STABLE_AFTER_SECONDS: "0.5" } });
  events = await stack.events();
  const results = new ReviewedResults(stack, events);
  ({ study, id: analysis } = await results.analysed(501));
  browser = await Chromium.launch();
  page = await browser.page();
  await page.goto(`${stack.local.address}/`);
});

afterAll(async () => {
  events.close();
  await browser.close();
  await stack.stop();
});

/** Puts the element alone on the page, as somebody who embeds it does. */
async function embed(token: string, attributes: Readonly<Record<string, string>>): Promise<void> {
  await page.addScriptTag({ url: "/widgets/neuronova.js", type: "module" });
  await page.evaluate(
    ([access, given]) => {
      const status = document.createElement("neuronova-sync-status");
      for (const [name, value] of Object.entries(given)) status.setAttribute(name, value);
      Object.assign(status, { tokenProvider: () => Promise.resolve(access) });
      document.body.replaceChildren(status);
    },
    [token, attributes] as const,
  );
}

const states = (state: string) => page.locator(`[data-sync="${state}"]`);

test("says when patient, study and result came to FHIR, and offers who may only look nothing else", async () => {
  await embed(await stack.token("doctor"), { study });
  await states("synchronised").nth(2).waitFor({ timeout: 60_000 });
  const text = await page.locator("neuronova-sync-status ul").innerText();
  expect(text).toContain("환자");
  expect(text).toContain("AI 결과: Brain lesion segmentation");
  expect(await page.locator("button.replay, [data-destination]").count()).toBe(0);
  await page.locator('[data-fhir="ImagingStudy"] summary').click();
  await page.getByText(study).waitFor();
  await Chromium.screenshot(page, "sync-status-synchronised");
});

test("shows live that a change waits while the FHIR server is away, since when, and that it has arrived", async () => {
  await embed(await stack.token("admin"), { study, language: "en" });
  await states("synchronised").nth(2).waitFor();
  await stack.local.processes["fhir"]?.stop();
  const body = { decision: "accepted", reportSopInstanceUid: "" };
  const { reportSopInstanceUid } = await stack.json<{ reportSopInstanceUid: string }>(
    `/api/ai/results/${analysis}`,
  );
  const reviewed = await stack.fetch(`/api/ai/results/${analysis}/review`, {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      Authorization: `Bearer ${await stack.token("doctor")}`,
    },
    body: JSON.stringify({ ...body, reportSopInstanceUid }),
  });
  expect(reviewed.status).toBe(200);
  await states("waiting").first().waitFor({ timeout: 30_000 });
  expect(await states("waiting").first().innerText()).toMatch(/FHIR: waiting since \d/);
  await page.getByRole("button", { name: "Refresh" }).click();
  await page
    .getByText(/\d changes? waits?|does not answer/)
    .first()
    .waitFor();
  await Chromium.screenshot(page, "sync-status-waiting-en");
  await stack.local.processes["fhir"]?.start();
  await states("waiting").first().waitFor({ state: "detached", timeout: 60_000 });
  await states("synchronised").nth(2).waitFor();
});

test("says why a change failed, and an administrator sends it again by the keyboard", async () => {
  await stack.sql(
    `INSERT INTO outbox (destination, aggregate, kind, subject, state, attempts, code, last_error, created_at, next_attempt_at, failed_at)
     SELECT destination, aggregate, kind, subject, 'failed', 1, 'fhir-refused', 'it was not valid', UTC_TIMESTAMP(3), UTC_TIMESTAMP(3), UTC_TIMESTAMP(3)
     FROM outbox WHERE kind = 'study' ORDER BY id DESC LIMIT 1`,
  );
  await embed(await stack.token("doctor"), { study, language: "en" });
  await states("failed").waitFor();
  await page.getByText("fhir-refused: it was not valid").waitFor();
  expect(await page.locator("button.replay").count()).toBe(0);
  await Chromium.screenshot(page, "sync-status-failed-en");
  await embed(await stack.token("admin"), { study, language: "en" });
  await page.getByRole("button", { name: "Send what failed again" }).focus();
  await page.keyboard.press("Enter");
  await page.getByText("1 change is on its way again.").waitFor();
  await states("failed").waitFor({ state: "detached", timeout: 30_000 });
});

test("without a study shows the systems to administrators, and tells others that it is not for them", async () => {
  await embed(await stack.token("admin"), {});
  const fhir = page.locator('[data-destination="fhir"]');
  await fhir.getByText("차단기 닫힘").waitFor();
  await fhir.getByText("실패 0건").waitFor();
  await Chromium.screenshot(page, "sync-status-systems");
  await embed(await stack.token("doctor"), {});
  await page.getByRole("alert").getByText("관리자만 볼 수 있습니다.").waitFor();
  expect(await page.locator("[data-destination]").count()).toBe(0);
});
