import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ReviewedResults } from "../../../sidecar/test/stack/reviewed-results.js";
import { RunningStack } from "../../../sidecar/test/stack/running-stack.js";
import { DIFFERENT_PIXELS, differenceFromBaseline } from "./baseline.js";
import { Chromium } from "./chromium.js";
import { logIn, logInAsDoctor } from "./log-in.js";
import { until } from "./viewer-page.js";

/** The main states look as they did when somebody last looked at them. */
let stack: RunningStack;
let browser: Chromium;
let page: Page;
let study: string;

beforeAll(async () => {
  stack = await RunningStack.start({ settings: { NEURONOVA_STABLE_AFTER_SECONDS: "0.5" } });
  browser = await Chromium.launch("ko-KR");
  page = await browser.page();
  await page.goto(`${stack.local.address}/`);
});

afterAll(async () => {
  await browser.close();
  await stack.stop();
});

const looksAsBefore = async (name: string, changing: readonly Locator[] = []) =>
  expect(await differenceFromBaseline(page, name, changing), name).toBeLessThanOrEqual(DIFFERENT_PIXELS);
const speak = (language: "한국어" | "English") => page.getByRole("button", { name: language }).click();

test("the login", async () => {
  await page.locator("input[name=username]").fill("doctor");
  await looksAsBefore("login-ko");
});

describe("the study list", () => {
  test("empty", async () => {
    await logInAsDoctor(page, stack);
    await page.getByText("아직 검사가 없습니다").waitFor();
    await looksAsBefore("study-list-empty-ko");
  });

  test("in Korean, in English, dark and narrow", async () => {
    const events = await stack.events();
    ({ study } = await new ReviewedResults(stack, events).analysed(71, { rows: 128, columns: 128 }));
    await events.until("synchronised", () => events.of("study.synchronised", study).length > 0);
    events.close();
    await page.reload();
    await page.waitForFunction(() => {
      const list = document
        .querySelector("neuronova-workspace")
        ?.shadowRoot?.querySelector("neuronova-study-list");
      const picture = list?.shadowRoot?.querySelector("neuronova-thumbnail");
      return (picture?.shadowRoot?.querySelector("img")?.naturalWidth ?? 0) > 0;
    });
    await page.getByText("준비됨").waitFor();
    await page.getByText("동기화됨").waitFor();
    // When FHIR had it is another time each time, and as wide as it is long.
    const time = page.locator("tr[data-study] td:last-child .sub");
    await time.evaluate((element) => ((element as HTMLElement).style.display = "none"));
    await looksAsBefore("study-list-ko");
    await speak("English");
    await looksAsBefore("study-list-en");
    await page.emulateMedia({ colorScheme: "dark" });
    await looksAsBefore("study-list-dark-en");
    await page.emulateMedia({ colorScheme: "light" });
    await page.setViewportSize({ width: 420, height: 800 });
    await looksAsBefore("study-list-narrow-en");
    await page.setViewportSize({ width: 1400, height: 860 });
  });

  test("a word that is missing is a difference", async () => {
    const writes = process.env["NEURONOVA_UPDATE_BASELINES"] === "1";
    if (writes) return;
    await page.locator("neuronova-study-list button.open").evaluate((name) => (name.textContent = ""));
    expect(await differenceFromBaseline(page, "study-list-en")).toBeGreaterThan(DIFFERENT_PIXELS);
  });
});

test("the viewer with a segment", async () => {
  await page.goto(`${stack.local.address}/viewer/${study}`);
  await speak("English");
  await page.locator("button.jump").first().click({ timeout: 60_000 });
  await until(page, (viewer) => viewer.imageOnScreen?.complete === true && viewer.imageOnScreen.index > 0);
  await expect
    .poll(
      () =>
        page.locator("canvas.overlay").evaluate((canvas) => {
          const { width, height } = canvas as HTMLCanvasElement;
          const context = (canvas as HTMLCanvasElement).getContext("2d");
          return context
            ?.getImageData(0, 0, width, height)
            .data.some((value, at) => at % 4 === 3 && value > 0);
        }),
      { timeout: 30_000 },
    )
    .toBe(true);
  // Its panels say when everything was.
  await looksAsBefore("viewer-en", [page.getByRole("complementary", { name: "Findings" })]);
});

describe("the administrators' page", () => {
  test("refuses", async () => {
    await page.goto(`${stack.local.address}/admin`);
    await speak("한국어");
    await page.getByText("이 계정으로는").first().waitFor();
    await looksAsBefore("admin-refused-ko");
    await page.getByRole("button", { name: "로그아웃" }).click();
    await logIn(page, "admin", stack.local.secrets.adminPassword);
  });

  test("health, without its figures", async () => {
    await page.locator("[data-readiness=ready]").waitFor();
    // The stack of a test has no backup, and nothing else is wrong with it once every process has told how it is.
    await expect.poll(() => page.locator("[data-concern]").count(), { timeout: 30_000 }).toBe(1);
    await looksAsBefore("admin-health-ko", [page.locator("figure"), page.locator("[data-readiness]")]);
  });

  test("users", async () => {
    await page.getByRole("link", { name: "사용자" }).click();
    await page.locator("[data-account=doctor]").waitFor();
    await page.mouse.move(700, 800);
    await looksAsBefore("admin-users-ko");
  });
});
