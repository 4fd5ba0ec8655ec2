import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { RunningStack } from "../../../sidecar/test/stack/running-stack.js";
import { violations } from "./axe.js";
import { Chromium } from "./chromium.js";
import { logIn } from "./log-in.js";

/** What an administrator sees of webhooks and inbound hooks before NEURONOVA_WEBHOOK_KEY is set. */
let stack: RunningStack;
let browser: Chromium;
let page: Page;

beforeAll(async () => {
  stack = await RunningStack.start({ settings: { NEURONOVA_WEBHOOK_KEY_FILE: "" } });
  browser = await Chromium.launch("ko-KR");
  page = await browser.page();
  await page.goto(`${stack.local.address}/admin/hooks`);
  await logIn(page, "admin", stack.local.secrets.adminPassword);
});

afterAll(async () => {
  await browser.close();
  await stack.stop();
});

test("the page says that the setting is missing, not that something failed", async () => {
  const alert = page.getByRole("alert");
  await alert.getByText("NEURONOVA_WEBHOOK_KEY를 설정해야 수신 훅을 사용할 수 있습니다.").waitFor();
  await Chromium.screenshot(page, "admin-hooks-not-configured-ko");
  expect(await violations(page)).toEqual([]);
  await page.getByRole("button", { name: "English" }).click();
  await alert.getByText("There are no inbound hooks before NEURONOVA_WEBHOOK_KEY is set.").waitFor();
  expect(await page.getByText(/could not be loaded|불러오지 못했습니다/).count()).toBe(0);
  expect(await page.getByText("New source").count()).toBe(0);
  await page.getByRole("link", { name: "Webhooks", exact: true }).click();
  await alert.getByText("There are no webhooks before NEURONOVA_WEBHOOK_KEY is set.").waitFor();
});

test("a server that does not answer is another matter, and is asked again", async () => {
  await page.route("**/api/hook-sources", (route) => route.abort());
  await page.getByRole("link", { name: "Inbound hooks", exact: true }).click();
  await page.getByRole("alert").getByText("This could not be loaded: The server does not answer.").waitFor();
  await page.unroute("**/api/hook-sources");
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByRole("alert").getByText("before NEURONOVA_WEBHOOK_KEY is set").waitFor();
});
