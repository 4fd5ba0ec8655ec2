import { randomUUID } from "node:crypto";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { coded, EmrClient } from "../../../sidecar/test/stack/emr-client.js";
import { HookSender } from "../../../sidecar/test/stack/hook-sender.js";
import { RunningStack } from "../../../sidecar/test/stack/running-stack.js";
import { violations } from "./axe.js";
import { Chromium } from "./chromium.js";
import { logIn } from "./log-in.js";

/** What an administrator does about inbound hooks on the page at `/admin/hooks`, with a system that signs and tells. */
let stack: RunningStack;
let emr: EmrClient;
let browser: Chromium;
let page: Page;
let his: HookSender;
let apiKey: { readonly id: number; readonly key: string };

const source = () => page.locator("[data-system]");
const entry = (state: string) => page.locator(`[data-entry][data-state="${state}"]`);
const press = (name: string) => source().getByRole("button", { name, exact: true }).press("Enter");
const shownSecret = () => page.getByRole("alert").locator("code").innerText();
const speak = (language: string) => page.getByRole("button", { name: language }).click();
const order = (value: string) => ({
  patient: { value },
  kind: "radiology",
  codes: coded("24727-0", "CT Head W contrast IV"),
  modality: "CT",
});
const register = (value: string) => emr.patient({ identifiers: [{ issuer: "HOSPITAL", value }] });
const withKey = (id: string) => ({ headers: { Authorization: `Bearer ${apiKey.key}`, "webhook-id": id } });

beforeAll(async () => {
  stack = await RunningStack.start({ settings: { NEURONOVA_STABLE_AFTER_SECONDS: "3600" } });
  browser = await Chromium.launch("en-US");
  page = await browser.page();
  await page.goto(`${stack.local.address}/admin/hooks`);
  emr = new EmrClient(stack, await stack.token());
  await register("MRN-KNOWN");
  const key = { name: "interface engine", permissions: ["view"], labels: [], validForDays: 1 };
  apiKey = (await stack.call<typeof apiKey>("POST", "/api/api-keys", key)).body;
  await logIn(page, "admin", stack.local.secrets.adminPassword);
});

afterAll(async () => {
  await browser.close();
  await stack.stop();
});

test("one that may tell nothing is not registered", async () => {
  await page.getByText("No other system may tell this one anything.").waitFor();
  await page.getByText("New source").click();
  await page.getByLabel("Name", { exact: true }).fill("his");
  await page.getByLabel("Description").fill("Hospital information system");
  await page.getByLabel("Issuer of its patient identifiers").fill("HOSPITAL");
  await page.getByRole("button", { name: "Register" }).click();
  expect(await page.getByRole("checkbox", { name: "order.created" }).evaluate(isInvalid)).toBe(true);
  expect((await stack.json<{ sources: object[] }>("/api/hook-sources")).sources).toEqual([]);
});

test("one is registered, and its secret, shown once, is the one that signs", async () => {
  await page.getByRole("checkbox", { name: "order.created" }).check();
  await page.getByRole("checkbox", { name: "study.ready" }).check();
  await page.getByRole("checkbox", { name: "interface engine" }).check();
  await page.getByRole("button", { name: "Register" }).click();
  his = new HookSender(stack, "his", await shownSecret());
  await source().getByText("Active").waitFor();
  const words = await source().innerText();
  for (const part of [
    "Hospital information system",
    "Tells: study.ready, order.created",
    "Issuer: HOSPITAL",
    "Permissions: view, upload, emr-view, order",
    "Reaches: every study",
    "API keys: interface engine",
    `${stack.local.address}/api/hooks/his`,
  ])
    expect(words).toContain(part);
  await Chromium.screenshot(page, "admin-hooks-new-en");
  expect((await his.tell("order.created", order("MRN-KNOWN"), "known-1")).state).toBe("done");
  expect((await his.send("order.created", order("MRN-KNOWN"), "key-1", withKey("key-1"))).status).toBe(202);
});

test("another of its name is refused in words, and what was typed stays", async () => {
  await page.getByLabel("Name", { exact: true }).fill("his");
  await page.getByLabel("Issuer of its patient identifiers").fill("CLINIC");
  await page.getByRole("checkbox", { name: "model.run" }).check();
  await page.getByRole("button", { name: "Register" }).click();
  await page.getByRole("alert").getByText("There is a source of this name.").waitFor();
  expect(await shownSecret()).toBe(his.secret);
  expect(await page.getByLabel("Issuer of its patient identifiers").inputValue()).toBe("CLINIC");
  expect(await violations(page)).toEqual([]);
  await page.getByText("New source").click();
});

test("what it told is listed, with what came of it; what waits says for what", async () => {
  await his.send("study.ready", { studyInstanceUid: "1.2.3" }, "ready-1");
  await press("Messages: his");
  await entry("done").filter({ hasText: "known-1" }).waitFor();
  const id = String((await his.status("known-1")).body.result?.["orderId"]);
  expect(await entry("done").filter({ hasText: "known-1" }).innerText()).toContain(`orderId: ${id}`);
  const waits = entry("pending").filter({ hasText: "ready-1" });
  await waits.getByText("study-not-found").waitFor({ timeout: 30_000 });
  expect(await waits.innerText()).toMatch(/Waits[^]*next attempt: \d/);
  expect(await page.locator("[data-entry]").first().innerText()).toContain("ready-1");
  expect(
    await source()
      .getByRole("button", { name: /^Do it again/ })
      .count(),
  ).toBe(0);
  expect(await violations(page)).toEqual([]);
});

test("what failed says why, and is done when that is put right", async () => {
  await his.tell("order.created", order("MRN-LATE"), "late-1");
  await page.getByLabel("Messages that are shown").selectOption("failed");
  await entry("failed").getByText("reference-invalid · ").waitFor({ timeout: 30_000 });
  expect(await entry("failed").innerText()).toContain("there is no patient with this identifier");
  await expect.poll(() => page.locator("[data-entry]").count()).toBe(1);
  await Chromium.screenshot(page, "admin-hooks-failed-en");
  await speak("한국어");
  await source().getByText("사용 중", { exact: true }).waitFor();
  await entry("failed").getByText("실패", { exact: true }).waitFor();
  await page.getByRole("alert").getByText("같은 이름의 송신 시스템이 있습니다.").waitFor();
  await Chromium.screenshot(page, "admin-hooks-failed-ko");
  await speak("English");
  await register("MRN-LATE");
  await press("Do it again: order.created late-1");
  await page.getByText("It is done again.").waitFor();
  expect(await his.end("late-1")).toMatchObject({ state: "done", code: null });
  await page.getByText("There is no such message.").waitFor({ timeout: 30_000 });
  await page.getByLabel("Messages that are shown").selectOption("done");
  await entry("done").filter({ hasText: "late-1" }).waitFor();
});

test("another secret is good from now on, and the former one for as long as was chosen", async () => {
  const status = async (secret: string) =>
    (await his.send("order.created", order("MRN-KNOWN"), randomUUID(), { secret })).status;
  const [first] = [his.secret];
  await press("New secret: his");
  await Chromium.screenshot(page, "admin-hooks-secret-en");
  await press("New secret");
  await page.getByText(/The former secret is good until \d/).waitFor();
  const second = await shownSecret();
  expect(new Set([first, second]).size).toBe(2);
  for (const secret of [first, second]) expect(await status(secret)).toBe(202);
  await press("New secret: his");
  await page.getByLabel("The former secret").selectOption("The former one ends at once");
  await press("New secret");
  await page.getByText("The former secret is not good any more.").waitFor();
  his.secret = await shownSecret();
  for (const secret of [first, second]) expect(await status(secret)).toBe(401);
  expect(await status(his.secret)).toBe(202);
});

test("an API key that was revoked is said to be", async () => {
  await stack.call("DELETE", `/api/api-keys/${apiKey.id}`);
  await source().getByText("API keys: interface engine (Revoked)").waitFor({ timeout: 30_000 });
});

test("the page is readable in Korean, and on a narrow screen", async () => {
  await speak("한국어");
  await page.getByText("새 송신 시스템").click();
  await page.getByText("오더가 생성됨").waitFor();
  await Chromium.screenshot(page, "admin-hooks-form-ko");
  expect(await violations(page)).toEqual([]);
  await page.setViewportSize({ width: 400, height: 860 });
  await Chromium.screenshot(page, "admin-hooks-form-narrow-ko");
  await source().scrollIntoViewIfNeeded();
  await Chromium.screenshot(page, "admin-hooks-narrow-ko");
  expect(
    await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth),
  ).toBe(true);
  await page.setViewportSize({ width: 1400, height: 860 });
  await page.getByText("새 송신 시스템").click();
  await speak("English");
});

test("one that is disabled, by the second press only, is refused until it is enabled", async () => {
  await press("Disable: his");
  expect(await source().getAttribute("data-state")).toBe("enabled");
  await press("Disable");
  await expect.poll(() => source().getAttribute("data-state")).toBe("disabled");
  expect(await his.send("order.created", order("MRN-KNOWN"))).toMatchObject({
    status: 403,
    body: { code: "hook-source-off" },
  });
  await press("Enable: his");
  await source().getByText("Active").waitFor();
  expect((await his.tell("order.created", order("MRN-KNOWN"))).state).toBe("done");
});

test("one that is removed, by the second press only, is gone and unknown", async () => {
  await press("Remove: his");
  expect(await source().count()).toBe(1);
  await press("Remove");
  await page.getByText("No other system may tell this one anything.").waitFor();
  expect(await page.getByText("whsec_").count()).toBe(0);
  expect(await his.send("order.created", order("MRN-KNOWN"))).toMatchObject({
    status: 401,
    body: { code: "hook-signature-invalid" },
  });
  expect((await stack.json<{ sources: object[] }>("/api/hook-sources")).sources).toEqual([]);
});

test("no secret is in the audit trail, and the page complains of nothing", async () => {
  const entries = await stack.json<object>("/api/audit?action=hook-change&limit=1000");
  expect(JSON.stringify(entries)).toContain("hook-source:his");
  expect(JSON.stringify(entries)).not.toContain(his.secret.slice(6, 30));
  expect(browser.complaints.filter((complaint) => !/40[0-9]/.test(complaint))).toEqual([]);
});

function isInvalid(element: Element): boolean {
  return !(element as HTMLInputElement).validity.valid;
}
