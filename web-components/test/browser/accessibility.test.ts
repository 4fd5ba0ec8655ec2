import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { EventRecorder } from "../../../sidecar/test/stack/event-recorder.js";
import { ReviewedResults } from "../../../sidecar/test/stack/reviewed-results.js";
import { RunningStack } from "../../../sidecar/test/stack/running-stack.js";
import { SECTIONS } from "../../src/components/admin/sections.js";
import { violations } from "./axe.js";
import { Chromium } from "./chromium.js";
import { logIn, logInAsDoctor } from "./log-in.js";
import { until } from "./viewer-page.js";

/** axe finds nothing wrong with any state of any element and page. */
let stack: RunningStack;
let events: EventRecorder;
let browser: Chromium;
let page: Page;
let study: string;

beforeAll(async () => {
  stack = await RunningStack.start({ settings: { NEURONOVA_STABLE_AFTER_SECONDS: "0.5" } });
  events = await stack.events();
  browser = await Chromium.launch("en-US");
  page = await browser.page();
  await page.goto(`${stack.local.address}/`);
});

afterAll(async () => {
  events.close();
  await browser.close();
  await stack.stop();
});

test("login, and a login that was refused", async () => {
  await page.locator("input[name=username]").waitFor();
  expect(await violations(page)).toEqual([]);
  await logIn(page, "doctor", "not the password");
  await page.getByRole("alert").waitFor();
  expect(await violations(page)).toEqual([]);
});

describe("the study list", () => {
  test("empty", async () => {
    await logInAsDoctor(page, stack);
    await page.getByText("There are no studies yet").waitFor();
    expect(await violations(page)).toEqual([]);
  });

  test("with studies, light and dark", async () => {
    ({ study } = await new ReviewedResults(stack, events).analysed(31, { rows: 128, columns: 128 }));
    await page.locator("tr[data-study]").waitFor();
    expect(await violations(page)).toEqual([]);
    await page.locator("tr[data-study]").hover();
    expect(await violations(page)).toEqual([]);
    await page.emulateMedia({ colorScheme: "dark" });
    expect(await violations(page)).toEqual([]);
    await Chromium.screenshot(page, "study-list-dark");
    await page.emulateMedia({ colorScheme: "light" });
  });

  test("with the upload beside it", async () => {
    await page.getByRole("button", { name: "Upload" }).click();
    await page.locator("neuronova-upload input[type=file]").first().waitFor({ state: "attached" });
    expect(await violations(page)).toEqual([]);
    await page.getByRole("button", { name: "Upload" }).click();
  });

  test("narrow, and with nothing that matches", async () => {
    await page.setViewportSize({ width: 420, height: 800 });
    expect(await violations(page)).toEqual([]);
    await page.locator("input[type=search]").fill("nobody has this name");
    await page.getByText("No study matches").waitFor();
    expect(await violations(page)).toEqual([]);
    await page.setViewportSize({ width: 1400, height: 860 });
  });

  test("that could not be loaded", async () => {
    await page.route("**/api/studies?*", (route) => route.abort());
    await page.reload();
    await page.getByRole("alert").waitFor();
    expect(await violations(page)).toEqual([]);
    await page.unroute("**/api/studies?*");
  });
});

describe("the viewer", () => {
  test("with an image, a result and a review", async () => {
    await page.goto(`${stack.local.address}/viewer/${study}`);
    await until(page, (viewer) => viewer.imageOnScreen?.complete === true);
    await page.locator("button.jump").first().waitFor({ timeout: 60_000 });
    expect(await violations(page)).toEqual([]);
  });

  test("in four viewports, with the keys' dialog", async () => {
    await page.getByRole("button", { name: "Layout 2×2" }).click();
    await expect.poll(() => page.locator("[tabindex='0'][role=img]").count()).toBeGreaterThan(0);
    expect(await violations(page)).toEqual([]);
    await page.locator("[tabindex='0'][role=img]").first().press("?");
    await page.getByRole("dialog").waitFor();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Layout 1×1" }).click();
  });

  test("while a segmentation is corrected", async () => {
    await page.locator("button.jump").first().click();
    await page.getByRole("button", { name: "Correct" }).click();
    await page.locator("neuronova-mask-editor").waitFor();
    expect(await violations(page)).toEqual([]);
  });

  test("of a study that is not there", async () => {
    await page.goto(`${stack.local.address}/viewer/1.2.3`);
    await page.getByRole("alert").waitFor();
    expect(await violations(page)).toEqual([]);
  });
});

test("the job monitor alone on a page, and without a token", async () => {
  await page.goto(`${stack.local.address}/`);
  await page.addScriptTag({ url: "/widgets/neuronova.js", type: "module" });
  const token = await stack.token("doctor");
  const embed = (given: string | undefined) =>
    page.evaluate((access) => {
      const monitor = document.createElement("neuronova-job-monitor");
      if (access !== undefined) Object.assign(monitor, { tokenProvider: () => Promise.resolve(access) });
      const main = document.createElement("main");
      const heading = document.createElement("h1");
      heading.textContent = "Chart";
      main.append(heading, monitor);
      document.body.replaceChildren(main);
    }, given);
  await embed(token);
  await page.locator("[data-job]").waitFor();
  expect(await violations(page)).toEqual([]);
  await embed(undefined);
  await page.getByText("This page gives no access").waitFor();
  expect(await violations(page)).toEqual([]);
});

describe("the administrators' page", () => {
  const loading = () => page.getByText("Loading…").filter({ visible: true });

  test("refuses a doctor", async () => {
    await page.goto(`${stack.local.address}/admin`);
    await page.getByText("This page is not for your account").waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByRole("button", { name: "Log out" }).click();
    await logIn(page, "admin", stack.local.secrets.adminPassword);
    await page.locator("neuronova-admin-health").waitFor();
  });

  test.each(SECTIONS)("$name, light and dark", async ({ name: section }) => {
    await page.goto(`${stack.local.address}/admin/${section}`);
    await page.locator(`neuronova-admin-${section} h2`).first().waitFor();
    await expect.poll(() => loading().count()).toBe(0);
    for (const summary of await page.locator("summary").all()) await summary.click();
    await expect.poll(() => loading().count()).toBe(0);
    expect(await violations(page)).toEqual([]);
    await page.emulateMedia({ colorScheme: "dark" });
    expect(await violations(page)).toEqual([]);
    if (section === "health") await Chromium.screenshot(page, "admin-health-dark");
    await page.emulateMedia({ colorScheme: "light" });
  });
});
