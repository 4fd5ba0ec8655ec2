import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createDemoStudy } from "../../../sidecar/src/phantom/demo-study.js";
import { imageOf, People } from "../../../sidecar/test/stack/people.js";
import { RunningStack } from "../../../sidecar/test/stack/running-stack.js";
import { Chromium } from "./chromium.js";
import { OpenEmrStandIn } from "./openemr-stand-in.js";

/** The chart of OpenEMR, whose module shows studies of a stack on another origin, under a strict policy. */
const PUBLIC = "/interface/modules/custom_modules/oe-module-neuronova/public";
const SETTINGS = `${PUBLIC}/settings.php`;
const hers = createDemoStudy({
  slices: 6,
  patient: { name: "Hers^Patient", id: "P-1", birthDate: "19700101", sex: "F" },
});
const his = imageOf(2, "P-2", "His^Patient");
const study = hers[0]?.studyInstanceUid ?? "";

let emr: OpenEmrStandIn;
let stack: RunningStack;
let people: People;
let browser: Chromium;
let page: Page;

const openChart = (user: string, pid: number) =>
  page.goto(`${emr.origin}/interface/login.php?user=${user}&pid=${pid}`);

/** What the chart's page gets of the token endpoint, as its script asks. */
const askForToken = (change: Record<string, string> = {}) =>
  page.evaluate(
    async ([address, changed]) => {
      const { pid = "", csrf = "" } = document.querySelector<HTMLElement>(".neuronova-chart")?.dataset ?? {};
      const response = await fetch(`${address}/token.php`, {
        method: "POST",
        body: new URLSearchParams({ csrf_token_form: csrf, pid, ...changed }),
      });
      const body = (await response.json()) as { access_token?: string; code?: string };
      return { status: response.status, ...body };
    },
    [PUBLIC, change] as const,
  );

beforeAll(async () => {
  emr = await OpenEmrStandIn.install();
  browser = await Chromium.launch("en-US");
  page = await browser.page();
  await emr.start("http://127.0.0.1:9");
  // An administrator sets the module up, and gives the sidecar what the page shows.
  await openChart("admin", 1);
  await page.goto(emr.origin + SETTINGS);
  await page.fill("#server_address", "http://127.0.0.1:9");
  await page.fill("#issuer", emr.origin);
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("button", { name: "Make a key" }).click();
  const provider = JSON.parse(await page.locator("pre").innerText()) as object;
  await Chromium.screenshot(page, "openemr-settings");
  stack = await RunningStack.start({
    embedding: { origins: [emr.origin] },
    settings: { NEURONOVA_IDENTITY_PROVIDERS: JSON.stringify([provider]) },
  });
  await page.fill("#server_address", stack.local.address);
  await page.getByRole("button", { name: "Save" }).click();
  await emr.restart(stack.local.address);
  people = new People(stack);
  await people.store(...hers.map(({ bytes }) => bytes), his.bytes);
});

afterAll(async () => {
  await browser.close();
  await emr.stop();
  await stack.stop();
});

test("the chart has a card with the studies of its patient and of nobody else", async () => {
  await openChart("doctor", 1);
  await page.getByText("Hers").first().waitFor({ timeout: 30_000 });
  expect(await page.getByText("His").count()).toBe(0);
  await Chromium.screenshot(page, "openemr-card");
});

test("the card leads to the tab, which shows the study", async () => {
  await page.getByText("Hers").first().click();
  await page.waitForURL((url) => url.pathname === `${PUBLIC}/chart.php` && url.search === "");
  await expect
    .poll(
      () =>
        page
          .locator("neuronova-viewer")
          .evaluate((viewer) => (viewer as HTMLElement & { imageOnScreen?: object }).imageOnScreen),
      { timeout: 30_000 },
    )
    .toMatchObject({ index: expect.any(Number) as number });
  await Chromium.screenshot(page, "openemr-tab");
});

test("the token opens the patient's images and AI results, and other patients' are refused", async () => {
  const { status, access_token: token = "" } = await askForToken();
  expect(status).toBe(200);
  const get = (path: string) => people.call(token, "GET", path);
  expect((await get("/api/auth/me")).body).toMatchObject({ role: "doctor" });
  expect((await get(`/dicom-web/studies/${study}/metadata`)).status).toBe(200);
  expect((await get(`/dicom-web/studies/${his.studyInstanceUid}/metadata`)).status).toBe(403);
  expect((await get("/api/studies")).body).toMatchObject({
    total: 1,
    studies: [{ studyInstanceUid: study }],
  });
  for (const path of ["/api/emr/patients", "/api/accounts", "/orthanc/system"])
    expect((await get(path)).status, path).toBe(403);
  const breakGlass = { studyInstanceUid: his.studyInstanceUid, reason: "another patient by this token" };
  expect((await people.call(token, "POST", "/api/break-glass", breakGlass)).status).toBe(403);
});

test("no token is given without the page's CSRF token, for another chart, to a clerk or to nobody", async () => {
  expect(await askForToken({ csrf_token_form: "" })).toMatchObject({ status: 403, code: "csrf" });
  expect(await askForToken({ pid: "2" })).toMatchObject({ status: 409, code: "another-chart" });
  expect((await fetch(`${emr.origin}${PUBLIC}/token.php`, { method: "POST" })).status).toBe(401);
  await openChart("clerk", 1);
  expect(await page.locator(".neuronova-chart").count()).toBe(0);
  expect(await page.locator("#neuronova").count()).toBe(0);
});

test("a chart left open gets no more tokens once another one is open", async () => {
  await openChart("doctor", 1);
  await page.getByText("Hers").first().waitFor({ timeout: 30_000 });
  const other = await browser.page();
  await other.goto(`${emr.origin}/interface/login.php?user=doctor&pid=2`);
  await other.getByText("His").first().waitFor({ timeout: 30_000 });
  expect(await other.getByText("Hers").count()).toBe(0);
  await other.close();
  expect(await askForToken()).toMatchObject({ status: 409 });
});

test("settings are for administrators", async () => {
  await openChart("doctor", 1);
  expect((await page.goto(emr.origin + SETTINGS))?.status()).toBe(403);
});

test("nothing broke the page's content security policy", () => {
  expect(browser.complaints.filter((complaint) => /Content.Security.Policy/i.test(complaint))).toEqual([]);
});
