import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { RunningStack } from "../../../sidecar/test/stack/running-stack.js";
import { Chromium } from "./chromium.js";
import { logIn } from "./log-in.js";

/** Models on the page at `/admin`, on a running stack. */
let stack: RunningStack;
let browser: Chromium;
let page: Page;

beforeAll(async () => {
  stack = await RunningStack.start();
  browser = await Chromium.launch("en-US");
  page = await browser.page();
  await page.goto(`${stack.local.address}/admin/models`);
  await logIn(page, "admin", stack.local.secrets.adminPassword);
});

afterAll(async () => {
  await browser.close();
  await stack.stop();
});

test("models have a state that is changed, and a card", async () => {
  const model = page.locator('[data-model="tumor_detection"]');
  await model.getByText("Model card").click();
  await model.locator("pre").waitFor();
  expect((await model.locator("pre").innerText()).length).toBeGreaterThan(100);
  await model.locator("select").selectOption("shadow");
  await expect.poll(() => model.getAttribute("data-mode")).toBe("shadow");
  const { models } = await stack.json<{ models: { name: string; mode: string }[] }>("/api/models");
  expect(models.find(({ name }) => name === "tumor_detection")?.mode).toBe("shadow");
  await Chromium.screenshot(page, "admin-models-en");
  await model.locator("select").selectOption("enabled");
  await expect.poll(() => model.getAttribute("data-mode")).toBe("enabled");
});

test("models show what they did day by day, this version's alone, the newest day first", async () => {
  const [tumor] = (
    await stack.json<{ models: { name: string; version: string }[] }>("/api/models")
  ).models.filter(({ name }) => name === "tumor_detection");
  const day = (ago: number) => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10);
  const row = (ago: number, version: string, figures: string) =>
    stack.sql(
      `INSERT INTO model_statistics VALUES ('${day(ago)}', 'tumor_detection', '${version}', ${figures}, UTC_TIMESTAMP(3))`,
    );
  await row(3, tumor?.version ?? "", `12, 0, 1, 4, '{}', 640, 1900, 80, 2500, 7, 2, 1`);
  await row(2, tumor?.version ?? "", `31, 3, 0, 0, '{"model-run-failed":3}', 700, 2100, NULL, NULL, 0, 0, 0`);
  await row(2, "0.0.1", `99, 0, 0, 0, '{}', 1, 1, 1, 1, 0, 0, 0`);
  const model = page.locator('[data-model="tumor_detection"]');
  await model.getByText("Day by day").click();
  await model.locator("tr[data-day]").first().waitFor();
  const cells = (ago: number) => model.locator(`tr[data-day="${day(ago)}"] td`).allInnerTexts();
  const words = (texts: readonly string[]) => texts.map((text) => text.replaceAll(/\s+/g, " ").trim());
  expect(words(await cells(2))).toEqual([
    "31",
    "3 model-run-failed: 3",
    "0",
    "0",
    "700 ms, 95%: 2.1 sec",
    "",
    "0",
    "0",
    "0",
  ]);
  expect(words(await cells(3))).toEqual([
    "12",
    "0",
    "1",
    "4",
    "640 ms, 95%: 1.9 sec",
    "80 ms, 95%: 2.5 sec",
    "7",
    "1",
    "2",
  ]);
  const shown = await model
    .locator("tr[data-day]")
    .evaluateAll((rows) => rows.map((one) => one.dataset["day"]));
  expect(shown.filter((one) => one === day(2) || one === day(3))).toEqual([day(2), day(3)]);
  await Chromium.screenshot(page, "admin-model-days-en");
  const idle = page.locator('[data-model="stroke_risk"]');
  await idle.getByText("Day by day").click();
  await idle.getByText("Nothing was counted in the last 90 days.").waitFor();
});

test("a narrow page in Korean holds the days, which scroll by themselves", async () => {
  await page.getByRole("button", { name: "한국어" }).click();
  await page.setViewportSize({ width: 400, height: 860 });
  await page.getByRole("region", { name: "일별 현황: Brain lesion segmentation" }).waitFor();
  await Chromium.screenshot(page, "admin-model-days-narrow-ko");
  expect(
    await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth),
  ).toBe(true);
});
