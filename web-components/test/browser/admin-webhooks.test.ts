import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { People, imageOf } from "../../../sidecar/test/stack/people.js";
import { RunningStack } from "../../../sidecar/test/stack/running-stack.js";
import { WebhookReceiver } from "../../../sidecar/test/stack/webhook-receiver.js";
import { violations } from "./axe.js";
import { Chromium } from "./chromium.js";
import { logIn } from "./log-in.js";

/** What an administrator does about webhooks on the page at `/admin/webhooks`, with a receiver that answers. */
let stack: RunningStack;
let receiver: WebhookReceiver;
let people: People;
let browser: Chromium;
let page: Page;
let secret: string;

beforeAll(async () => {
  stack = await RunningStack.start({
    settings: { NEURONOVA_WEBHOOK_NETWORKS: "127.0.0.0/8", NEURONOVA_STABLE_AFTER_SECONDS: "3600" },
  });
  people = new People(stack);
  receiver = await new WebhookReceiver().open();
  browser = await Chromium.launch("en-US");
  page = await browser.page();
  await page.goto(`${stack.local.address}/admin/webhooks`);
  await logIn(page, "admin", stack.local.secrets.adminPassword);
});

afterAll(async () => {
  await browser.close();
  await receiver.close();
  await stack.stop();
});

const webhook = () => page.locator("[data-system]");
const deliveries = (state: string) => page.locator(`[data-entry][data-state="${state}"]`);
const press = (name: string) => webhook().getByRole("button", { name, exact: true }).press("Enter");
const shownSecret = () => page.getByRole("alert").locator("code").innerText();

test("an address that may not be reached is refused in words", async () => {
  await page.getByText("No other system is told of events.").waitFor();
  await page.getByText("New webhook").click();
  await page.getByLabel("Address").fill("https://10.1.2.3/hook");
  await page.getByLabel("Description").fill("ward EMR");
  await page.getByLabel("Events, separated by commas").fill("instance.arrived");
  await page.getByRole("button", { name: "Create" }).click();
  await page.getByRole("alert").getByText("Webhooks may not reach this address.").waitFor();
  expect(await page.getByLabel("Description").inputValue()).toBe("ward EMR");
});

test("a webhook is created, and its secret, shown once, is the one that signs", async () => {
  await page.getByLabel("Address").fill(receiver.url);
  await page.getByLabel("Only studies of these modalities").fill("MR, CT");
  await page.getByRole("button", { name: "Create" }).click();
  secret = await shownSecret();
  await webhook().getByText("Active").waitFor();
  expect(await webhook().innerText()).toContain("instance.arrived · studies with: MR, CT");
  await Chromium.screenshot(page, "admin-webhooks-new-en");
  await people.store(imageOf(43, "ADMIN-WEBHOOK", "Webhook^Admin").bytes);
  await receiver.until("the event", ({ length }) => length === 1);
  expect(receiver.lastSignedBy(secret)).toMatchObject({ type: "instance.arrived" });
  await page.getByText("New webhook").click();
});

test("a ping goes out, and the deliveries say so", async () => {
  await press("Ping: ward EMR");
  await page.getByText("A ping is on its way.").waitFor();
  await receiver.until("the ping", () => receiver.types.includes("webhook.ping"));
  await deliveries("delivered").filter({ hasText: "webhook.ping" }).waitFor({ timeout: 30_000 });
  await deliveries("delivered").filter({ hasText: "instance.arrived" }).waitFor();
  await webhook()
    .getByText(/Last delivered: \d/)
    .waitFor();
  expect(await violations(page)).toEqual([]);
});

test("a delivery is sent again, and is the same one to the receiver", async () => {
  const before = receiver.received.length;
  const [first] = receiver.received;
  await deliveries("delivered")
    .filter({ hasText: "instance.arrived" })
    .getByRole("button", { name: /^Send again/ })
    .click();
  await page.getByText("Sent again: 1").waitFor();
  await receiver.until("it again", ({ length }) => length === before + 1);
  expect(receiver.received.at(-1)?.headers["webhook-id"]).toBe(first?.headers["webhook-id"]);
});

test("another secret signs from now on, beside the former one", async () => {
  await press("New secret: ward EMR");
  await press("New secret");
  await page.getByText("The former secret is good until").waitFor();
  const next = await shownSecret();
  expect(next).not.toBe(secret);
  const before = receiver.received.length;
  await press("Ping: ward EMR");
  await receiver.until("another ping", ({ length }) => length === before + 1);
  for (const key of [secret, next])
    expect(receiver.lastSignedBy(key)).toMatchObject({ type: "webhook.ping" });
});

test("one whose receiver is gone says why, is enabled again, and what failed is sent", async () => {
  receiver.answer = () => ({ status: 410 });
  await press("Ping: ward EMR");
  await webhook().getByText("Disabled: the receiver said that it is gone").waitFor({ timeout: 30_000 });
  await deliveries("failed").waitFor({ timeout: 30_000 });
  await page.getByLabel("Deliveries that are shown").selectOption("failed");
  await expect.poll(() => deliveries("delivered").count()).toBe(0);
  await Chromium.screenshot(page, "admin-webhooks-gone-en");
  await page.getByRole("button", { name: "한국어" }).click();
  await Chromium.screenshot(page, "admin-webhooks-gone-ko");
  await page.setViewportSize({ width: 400, height: 860 });
  await webhook().scrollIntoViewIfNeeded();
  await Chromium.screenshot(page, "admin-webhooks-narrow-ko");
  expect(
    await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth),
  ).toBe(true);
  await page.setViewportSize({ width: 1400, height: 860 });
  await page.getByRole("button", { name: "English" }).click();
  receiver.answer = () => ({ status: 204 });
  await press("Enable: ward EMR");
  await webhook().getByText("Active").waitFor();
  const before = receiver.received.length;
  await press("Send all that failed again");
  await page.getByText("Sent again: 1").waitFor();
  await receiver.until("what failed", ({ length }) => length === before + 1);
  await page.getByText("There is no such delivery.").waitFor({ timeout: 30_000 });
});

test("one that is disabled hears of nothing, by the second press only; removed, it is gone", async () => {
  await press("Disable: ward EMR");
  expect(await webhook().getAttribute("data-state")).toBe("enabled");
  await press("Disable");
  await expect.poll(() => webhook().getAttribute("data-state")).toBe("disabled");
  const { webhooks } = await stack.json<{ webhooks: object[] }>("/api/webhooks");
  expect(webhooks).toMatchObject([{ enabled: false, disabledCode: "by-person" }]);
  await press("Remove: ward EMR");
  await press("Remove");
  await page.getByText("No other system is told of events.").waitFor();
});

test("looking again by itself is counted in the audit trail, and shows no secret", async () => {
  type Entries = readonly { readonly requests: number }[];
  const looks = async () =>
    (await stack.json<{ entries: Entries }>("/api/audit?action=webhook-read&limit=1000")).entries;
  const requests = (entries: Entries) => entries.reduce((sum, entry) => sum + entry.requests, 0);
  await expect.poll(async () => requests(await looks()), { timeout: 30_000 }).toBeGreaterThan(20);
  const entries = await looks();
  expect(entries.length).toBeLessThan(requests(entries) / 3);
  expect(JSON.stringify(entries)).not.toContain(secret.slice(6, 30));
  expect(browser.complaints.filter((complaint) => !/40[0-9]/.test(complaint))).toEqual([]);
});
