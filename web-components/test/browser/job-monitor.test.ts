import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { JobsUnderTest } from "../../../sidecar/test/stack/jobs-under-test.js";
import { Chromium } from "./chromium.js";

let jobs: JobsUnderTest;
let browser: Chromium;
let page: Page;

beforeAll(async () => {
  jobs = await JobsUnderTest.start(5_200);
  browser = await Chromium.launch();
  page = await browser.page();
  await page.goto(`${jobs.stack.local.address}/`);
});

afterAll(async () => {
  await browser.close();
  await jobs.stop();
});

/** Puts the element alone on the page, as somebody who embeds it does. */
async function embed(token: string, attributes: Readonly<Record<string, string>> = {}): Promise<void> {
  await page.addScriptTag({ url: "/widgets/neuronova.js", type: "module" });
  await page.evaluate(
    ([access, given]) => {
      const monitor = document.createElement("neuronova-job-monitor");
      for (const [name, value] of Object.entries(given)) monitor.setAttribute(name, value);
      Object.assign(monitor, { tokenProvider: () => Promise.resolve(access) });
      document.body.replaceChildren(monitor);
    },
    [token, attributes] as const,
  );
}

const shown = (id: number) => page.locator(`[data-job="${id}"]`);

test("says that there are none, and shows one as soon as it waits, without a reload", async () => {
  await embed(jobs.doctor);
  await page.getByText("요청된 AI 작업이 없습니다.").waitFor();
  await jobs.inference.stop();
  const [file] = await jobs.stored();
  const { id } = await jobs.jobOf(file?.studyInstanceUid);
  await shown(id).getByText("대기 중").waitFor({ timeout: 30_000 });
  await Chromium.screenshot(page, "job-monitor-waiting");
});

test("cancels and has it done again by the keyboard, and shows what the server says", async () => {
  const {
    jobs: [job],
  } = (await jobs.get<{ jobs: { id: number }[] }>("/api/ai/jobs")).body;
  const id = job?.id ?? 0;
  await shown(id).getByRole("button", { name: /^취소/ }).focus();
  await page.keyboard.press("Enter");
  await shown(id).getByText("취소됨").waitFor();
  expect((await jobs.job(id)).state).toBe("canceled");
  await shown(id)
    .getByRole("button", { name: /^다시 실행/ })
    .focus();
  await page.keyboard.press("Enter");
  await shown(id).getByText("대기 중").waitFor();
  await jobs.inference.start();
  await shown(id).getByText("완료").waitFor({ timeout: 60_000 });
  expect(await shown(id).getByRole("button").count()).toBe(0);
});

test("says in the reader's language why a job came to nothing, and what was seen", async () => {
  const [file] = await jobs.stored({ twin: true });
  const study = file?.studyInstanceUid ?? "";
  const { id } = await jobs.jobOf(study);
  await shown(id).locator(".reason").waitFor({ timeout: 60_000 });
  const { reason, state } = await jobs.job(id);
  expect(await shown(id).getAttribute("data-state")).toBe(state);
  expect(await shown(id).locator(".reason").innerText()).toBe(
    `같은 위치에 영상이 두 개 있습니다. ${reason?.detail ?? ""}`,
  );
  await embed(jobs.doctor, { study, language: "en" });
  await shown(id).waitFor();
  expect(await page.locator("[data-job]").count()).toBe(1);
  expect(await shown(id).locator(".reason").innerText()).toContain("Two images lie at the same place.");
  await page.setViewportSize({ width: 420, height: 700 });
  await Chromium.screenshot(page, "job-monitor-failed-en");
});

test("offers nothing to change to who may only look", async () => {
  const nurse = await jobs.people.token("nurse-of-jobs", "nurse");
  await embed(nurse, { language: "en" });
  await page.locator("[data-job]").first().waitFor();
  expect(await page.getByRole("button").count()).toBe(0);
});

test("says why there is no list, and tries again when asked to", async () => {
  await page.route("**/api/ai/jobs?*", (route) => route.abort());
  await embed(jobs.doctor, { language: "en" });
  await page.getByRole("alert").getByText("The server does not answer.").waitFor();
  expect(await page.getByText("No model has been asked").count()).toBe(0);
  await page.unroute("**/api/ai/jobs?*");
  await page.getByRole("button", { name: "Try again" }).click();
  await page.locator("[data-job]").first().waitFor();
  expect(await page.getByRole("alert").count()).toBe(0);
});
