import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { FaultyProxy } from "../../../sidecar/test/stack/faulty-proxy.js";
import { PASSWORD, People, imageOf } from "../../../sidecar/test/stack/people.js";
import { RunningStack } from "../../../sidecar/test/stack/running-stack.js";
import { ChangingStudies } from "../../../sidecar/test/stack/changing-studies.js";
import { Chromium } from "./chromium.js";
import { logIn } from "./log-in.js";

/** What an administrator does on the page at `/admin`, on a running stack; a doctor is refused. */
let proxy: FaultyProxy;
let stack: RunningStack;
let people: People;
let studies: ChangingStudies;
let browser: Chromium;
let page: Page;
const image = imageOf(41, "ADMIN-PAGE", "Page^Admin");

beforeAll(async () => {
  proxy = await FaultyProxy.start();
  stack = await RunningStack.start({
    settings: { NEURONOVA_FHIR_URL: proxy.url, NEURONOVA_AUDIT_FHIR: "off" },
  });
  proxy.targetPort = stack.local.ports.fhir;
  people = new People(stack);
  studies = await ChangingStudies.open(stack.local.databaseUrl);
  await people.store(image.bytes);
  browser = await Chromium.launch("en-US");
  page = await browser.page();
  await page.goto(`${stack.local.address}/admin/users`);
  await logIn(page, "admin", stack.local.secrets.adminPassword);
});

afterAll(async () => {
  await browser.close();
  await studies.close();
  await stack.stop();
  await proxy.stop();
});

const show = async (section: string) => {
  await page.getByRole("navigation").getByRole("link", { name: section, exact: true }).click();
  await page.getByRole("heading", { name: section, level: 2, exact: true }).waitFor();
};
const account = (name: string) => page.locator(`[data-account="${name}"]`);
const mayLogIn = async (username: string, password: string) =>
  (await people.call(undefined, "POST", "/api/auth/login", { username, password })).status;

describe("users", () => {
  test("an account is created, and whoever has it can log in", async () => {
    await account("admin").waitFor();
    await page.getByText("New user").click();
    await page.getByLabel("User name").fill("new.nurse");
    await page.getByLabel("Name shown").fill("Nurse New");
    await page.locator("form select[name=role]").selectOption("nurse");
    await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
    await page.getByRole("button", { name: "Create" }).click();
    await page.getByText("new.nurse was created.").waitFor();
    await account("new.nurse").getByText("Active").waitFor();
    expect(await account("new.nurse").locator("select").inputValue()).toBe("nurse");
    expect(await mayLogIn("new.nurse", PASSWORD)).toBe(200);
    await Chromium.screenshot(page, "admin-users-en");
  });

  test("a name that is taken is refused in words", async () => {
    await page.getByLabel("User name").fill("new.nurse");
    await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
    await page.getByRole("button", { name: "Create" }).click();
    await page.getByRole("alert").getByText("There is an account of this name.").waitFor();
    await page.getByText("New user").click();
  });

  test("another password counts and the old one does not; another role is the server's", async () => {
    await account("new.nurse").getByRole("button", { name: "New password" }).click();
    await page.getByLabel("New password of new.nurse").fill("another one, long enough");
    await page.getByRole("button", { name: "Set password" }).click();
    await page.getByText("new.nurse has a new password").waitFor();
    expect(await mayLogIn("new.nurse", PASSWORD)).toBe(401);
    expect(await mayLogIn("new.nurse", "another one, long enough")).toBe(200);
    await account("new.nurse").locator("select").selectOption("technologist");
    await page.getByText("new.nurse has another role now.").waitFor();
    const { accounts } = await stack.json<{ accounts: { username: string; role: string }[] }>(
      "/api/accounts",
    );
    expect(accounts.find(({ username }) => username === "new.nurse")?.role).toBe("technologist");
  });

  test("a disabled account cannot log in, by the second press only; enabled it can", async () => {
    await account("new.nurse").getByRole("button", { name: "Disable: new.nurse" }).click();
    expect(await account("new.nurse").getAttribute("data-state")).toBe("active");
    await account("new.nurse").getByRole("button", { name: "Disable", exact: true }).press("Enter");
    await account("new.nurse").getByText("Disabled").waitFor();
    expect(await mayLogIn("new.nurse", "another one, long enough")).toBe(401);
    await account("new.nurse").getByRole("button", { name: "Enable" }).click();
    await account("new.nurse").getByText("Active").waitFor();
    expect(await mayLogIn("new.nurse", "another one, long enough")).toBe(200);
  });

  test("nobody locks themself out: the own role stays, and the page shows what the server has", async () => {
    await account("admin").locator("select").selectOption("doctor");
    await page.getByRole("alert").getByText("Another administrator has to change your role").waitFor();
    expect(await account("admin").locator("select").inputValue()).toBe("admin");
  });
});

test("an API key is shown once, works, and does not after it was revoked", async () => {
  await show("API keys");
  await page.getByText("There are no API keys.").waitFor();
  await page.getByText("New API key").click();
  await page.getByLabel("Name").fill("reader");
  await page.getByLabel("Permissions").fill("view");
  await page.getByRole("button", { name: "Create" }).click();
  const key = await page.getByRole("alert").locator("code").innerText();
  const search = () => people.call(key, "GET", "/api/studies");
  expect((await search()).status).toBe(200);
  await page.getByRole("button", { name: "Revoke reader" }).click();
  await page.getByRole("button", { name: "Revoke", exact: true }).click();
  await page.locator('[data-key="reader"]').getByText("Revoked").waitFor();
  await expect.poll(async () => (await search()).status, { timeout: 10_000 }).toBe(401);
});

test("a share link is revoked, and opens nothing any more", async () => {
  const minted = await people.call<{ id: number; token: string }>(
    await stack.token("doctor"),
    "POST",
    "/api/share-links",
    {
      studyInstanceUids: [image.studyInstanceUid],
      expiresAt: new Date(Date.now() + 3_600_000),
      note: "for the other hospital",
    },
  );
  const exchange = () =>
    people.call(undefined, "POST", "/api/share-links/exchange", { token: minted.body.token });
  expect((await exchange()).status).toBe(200);
  await show("Share links");
  const link = page.locator(`[data-link="${minted.body.id}"]`);
  await link.getByText("In force").waitFor();
  expect(await link.innerText()).toContain("Used: 1");
  await link.getByRole("button", { name: "Revoke for the other hospital" }).click();
  await link.getByRole("button", { name: "Revoke", exact: true }).click();
  await link.getByText("Revoked").waitFor();
  expect((await exchange()).status).toBe(401);
  await Chromium.screenshot(page, "admin-links-en");
});

test("jobs: says that nothing has failed, and shows the models' work", async () => {
  await show("Jobs");
  await page.getByText("No work has failed.").waitFor();
  await page.locator("neuronova-job-monitor").getByRole("heading").first().waitFor();
});

test("a dead letter is opened, and sent again once its cause is gone", async () => {
  proxy.refuses = (body) => (body.includes("poison") ? 422 : undefined);
  const subject = await studies.change(1, "poison");
  await studies.delivered(20);
  await show("Outbox");
  const letter = page.locator("[data-letter]", { hasText: subject });
  await letter.getByText("fhir-refused", { exact: true }).waitFor();
  await page.locator('[data-destination="fhir"]').getByText("1 failed").waitFor();
  await letter.locator("summary").click();
  await letter.locator("pre").getByText("OperationOutcome").waitFor();
  await Chromium.screenshot(page, "admin-outbox-en");
  proxy.refuses = undefined;
  await letter.getByRole("button", { name: `Send again: study ${subject}` }).click();
  await page.getByText("Sent again: 1").waitFor();
  await page.getByText("No message has failed.").waitFor({ timeout: 20_000 });
  await studies.delivered(20);
  const rows = await studies.rows<{ state: string }>("SELECT state FROM outbox WHERE subject = ?", [subject]);
  expect(new Set(rows.map(({ state }) => state))).toEqual(new Set(["delivered"]));
});

test("a dead letter is given up with a reason", async () => {
  proxy.refuses = (body) => (body.includes("poison") ? 422 : undefined);
  const subject = await studies.change(2, "poison");
  await studies.delivered(20);
  const letter = page.locator("[data-letter]", { hasText: subject });
  await letter.waitFor({ timeout: 20_000 });
  await letter.getByRole("button", { name: "Give up" }).click();
  await page.getByLabel("Why it is given up").fill("not needed there");
  await letter.locator("form").getByRole("button", { name: "Give up" }).click();
  await page.getByText("The message was given up.").waitFor();
  const [row] = await studies.rows<{ state: string; drop_reason: string }>(
    "SELECT state, drop_reason FROM outbox WHERE subject = ?",
    [subject],
  );
  expect(row).toEqual({ state: "dropped", drop_reason: "not needed there" });
  proxy.refuses = undefined;
});

test("the audit search finds who did what, and the chain is checked", async () => {
  await show("Audit");
  await page.getByLabel("User").fill("new.nurse");
  await page.getByLabel("Outcome").selectOption("denied");
  await page.getByRole("button", { name: "Search" }).click();
  // The rows of the search before are there until this one is answered.
  const actions = () =>
    page
      .locator("tr[data-entry]")
      .evaluateAll((rows) => [...new Set(rows.map((row) => row.getAttribute("data-action")))]);
  await expect.poll(actions).toEqual(["login"]);
  await page.getByLabel("User").fill("nobody of this name");
  await page.getByRole("button", { name: "Search" }).click();
  await page.getByText("Nothing was recorded that matches.").waitFor();
  await page.getByRole("button", { name: "Check the chain" }).click();
  await page.locator('[data-chain="true"]').getByText("Whole: rows 1 to").waitFor({ timeout: 30_000 });
  await Chromium.screenshot(page, "admin-audit-en");
  await stack.sql("UPDATE audit_record SET reason = 'changed' WHERE sequence = 2");
  await page.getByRole("button", { name: "Check the chain" }).click();
  await page.locator('[data-chain="false"]').getByText("Broken at row 2").waitFor({ timeout: 30_000 });
});

test("health says what is up, and has a chart with units of each figure", async () => {
  await show("Health");
  for (const name of ["database", "redis", "orthanc", "fhir"])
    await page.locator(`[data-dependency="${name}"]`).getByText("up").waitFor();
  await expect
    .poll(() => page.locator("figure").first().locator("circle").count(), { timeout: 20_000 })
    .toBeGreaterThan(2);
  expect(await page.locator("figure svg").count()).toBe(5);
  expect(await page.getByRole("img", { name: /^Answer of the server, ms: now \d+ ms/ }).count()).toBe(1);
  await Chromium.screenshot(page, "admin-health-en");
  await page.getByRole("button", { name: "한국어" }).click();
  await page.getByText("서버 응답 시간").waitFor();
  await page.setViewportSize({ width: 400, height: 860 });
  await Chromium.screenshot(page, "admin-health-narrow-ko");
  await page.getByRole("link", { name: "사용자" }).press("Enter");
  await account("new.nurse").waitFor();
  await Chromium.screenshot(page, "admin-users-narrow-ko");
  expect(
    await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth),
  ).toBe(true);
  await page.setViewportSize({ width: 1400, height: 860 });
  await page.getByRole("button", { name: "English" }).click();
});

test("a dependency that is away is said to be, with the values' age", async () => {
  await show("Health");
  await stack.local.processes["orthanc"]?.stop();
  try {
    await page.locator('[data-readiness="not-ready"]').waitFor({ timeout: 30_000 });
    await page.locator('[data-dependency="orthanc"]').getByText("down").waitFor();
  } finally {
    await stack.local.processes["orthanc"]?.start();
  }
  await page.locator('[data-readiness="ready"]').waitFor({ timeout: 60_000 });
});

test("sections have addresses, which the browser's Back goes through", async () => {
  await show("Users");
  await show("Audit");
  expect(new URL(page.url()).pathname).toBe("/admin/audit");
  await page.goBack();
  await page.getByRole("heading", { name: "Users", level: 2 }).waitFor();
  await page.goto(`${stack.local.address}/admin/outbox`);
  await page.getByRole("heading", { name: "Outbox", level: 2 }).waitFor();
  expect(browser.complaints.filter((complaint) => !/40[19]|503/.test(complaint))).toEqual([]);
});

test("a list that cannot be loaded says so, and is loaded when asked again", async () => {
  await page.route("**/api/accounts?*", (route) => route.abort());
  await show("Users");
  await page.getByRole("alert").getByText("The server does not answer.").waitFor();
  expect(await page.getByText("There are no accounts.").count()).toBe(0);
  await page.unroute("**/api/accounts?*");
  await page.getByRole("button", { name: "Try again" }).click();
  await account("admin").waitFor();
});

test("a doctor is told that the page is not for them, and nothing is fetched for it", async () => {
  const own = await Chromium.launch("ko-KR");
  try {
    const theirs = await own.page();
    const asked: string[] = [];
    theirs.on("request", (request) => asked.push(new URL(request.url()).pathname));
    await theirs.goto(`${stack.local.address}/admin/users`);
    await logIn(theirs, "doctor", stack.local.secrets.doctorPassword);
    await theirs.getByText("이 계정으로는 이 페이지를 사용할 수 없습니다").waitFor();
    await theirs.getByText("현재 역할: 의사").waitFor();
    await Chromium.screenshot(theirs, "admin-refused-ko");
    expect(asked).not.toContain("/api/accounts");
    expect(await theirs.getByRole("link", { name: "관리" }).count()).toBe(0);
  } finally {
    await own.close();
  }
});
