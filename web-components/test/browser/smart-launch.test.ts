import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createDemoStudy } from "../../../sidecar/src/phantom/demo-study.js";
import { LaunchingEmr, PATIENT_ID_SYSTEM } from "../../../sidecar/test/stack/launching-emr.js";
import { RunningStack } from "../../../sidecar/test/stack/running-stack.js";
import { Chromium } from "./chromium.js";
import { logInAsDoctor } from "./log-in.js";

/** An EMR on another site opens a chart's images in a real browser. */
let emr: LaunchingEmr;
let stack: RunningStack;
const patient = (id: string, name: string) => ({ id, name, birthDate: "19700101", sex: "F" as const });
const hers = createDemoStudy({ slices: 4, seed: 1, patient: patient("P-1", "Kim^Bora=金^보라=김^보라") });
const his = createDemoStudy({ slices: 4, seed: 2, patient: patient("P-2", "Lee^Chul") });
const [herStudy = "", hisStudy = ""] = [hers, his].map((files) => files[0]?.studyInstanceUid ?? "");

beforeAll(async () => {
  emr = await LaunchingEmr.start({ kim: { name: "김의사", fhirUser: "Practitioner/kim" } });
  for (const [id, value] of [
    ["hers", "P-1"],
    ["his", "P-2"],
  ] as const)
    emr.admit(id, [{ system: PATIENT_ID_SYSTEM, value }]);
  emr.admit("nobody", []);
  stack = await RunningStack.start({
    sidecarProcesses: [["api", "transcoding", "delivery"]],
    settings: { NEURONOVA_SMART_LAUNCH: JSON.stringify(emr.settings()) },
  });
  await emr.open(`${stack.local.address}/smart/callback`);
  const events = await stack.events();
  expect((await stack.storeOverWeb([...hers, ...his].map(({ bytes }) => bytes))).status).toBe(200);
  await events.until("renditions", () => events.of("instance.rendered").length >= 8);
  events.close();
});

afterAll(async () => {
  await stack.stop();
  emr.stop();
});

/** Clicks the EMR's link, and logs in there where it asks. */
async function launch(page: Page, chart: string): Promise<void> {
  await page.goto(`${emr.origin}/public/fhir/.well-known/smart-configuration`);
  const address = emr.launchAddress(stack.local.address, chart);
  await page.evaluate((href) => {
    const link = document.createElement("a");
    link.href = href;
    link.textContent = "images";
    document.body.replaceChildren(link);
    link.click();
  }, address);
  await page.waitForURL(/\/interaction\/|\/smart\/callback|\/launched\//);
  if (page.url().startsWith(stack.local.address)) return;
  if ((await page.locator("input[name=login]").count()) > 0) {
    await page.fill("input[name=login]", "kim");
    await page.fill("input[name=password]", "any");
    await page.click("button[type=submit]");
    await page.waitForURL(/\/interaction\//);
  }
  await page.click("button[type=submit]");
  await page.waitForURL(/\/smart\/callback|\/launched\//);
}

const rows = (page: Page) => page.locator("tr[data-study]");

test("the workspace opens with that patient's studies, and goes on so after a reload", async () => {
  const browser = await Chromium.launch();
  try {
    const page = await browser.page();
    await launch(page, "hers");
    await rows(page).first().waitFor();
    expect(await rows(page).count()).toBe(1);
    expect(await rows(page).first().getAttribute("data-study")).toBe(herStudy);
    expect(new URL(page.url()).pathname).toMatch(/^\/launched\/[0-9a-f-]{36}$/);
    await page.getByText("김의사, EMR에서 열림").waitFor();
    await page.waitForFunction(() => {
      const list = document
        .querySelector("neuronova-workspace")
        ?.shadowRoot?.querySelector("neuronova-study-list");
      const picture = list?.shadowRoot
        ?.querySelector("neuronova-thumbnail")
        ?.shadowRoot?.querySelector("img");
      return (picture?.naturalWidth ?? 0) > 0;
    });
    await Chromium.screenshot(page, "smart-launch-studies");

    await page.locator(".open").first().click();
    await page.waitForFunction(() => {
      const viewer = document
        .querySelector("neuronova-workspace")
        ?.shadowRoot?.querySelector("neuronova-viewer");
      return (viewer as { imageOnScreen?: object } | null)?.imageOnScreen !== undefined;
    });
    const atStudy = page.url();
    expect(atStudy).toMatch(new RegExp(`/launched/[0-9a-f-]{36}/${herStudy.replaceAll(".", "\\.")}$`));
    await Chromium.screenshot(page, "smart-launch-viewer");
    await page.reload();
    await page.waitForFunction(() => {
      const viewer = document
        .querySelector("neuronova-workspace")
        ?.shadowRoot?.querySelector("neuronova-viewer");
      return (viewer as { imageOnScreen?: object } | null)?.imageOnScreen !== undefined;
    });

    // By hand to another patient's study, below this session: nothing of it comes.
    const refused = page.waitForResponse(
      (response) =>
        response.url().includes(`/api/studies/${hisStudy}`) ||
        response.url().includes(`/dicom-web/studies/${hisStudy}`),
    );
    await page.goto(atStudy.replace(herStudy, hisStudy));
    expect([403, 404]).toContain((await refused).status());
    expect(await page.getByText("Lee").count()).toBe(0);
    await Chromium.screenshot(page, "smart-launch-other-patient");
    const seen = await page.evaluate(() =>
      JSON.stringify([localStorage.length, sessionStorage.length, document.cookie]),
    );
    expect(seen).toBe('[0,0,""]');
  } finally {
    await browser.close();
  }
});

test("two charts in two tabs stay two patients, also beside an account", async () => {
  const browser = await Chromium.launch();
  try {
    const account = await browser.page();
    await account.goto(`${stack.local.address}/`);
    await logInAsDoctor(account, stack);
    await rows(account).nth(1).waitFor();
    const one = await browser.page();
    await launch(one, "hers");
    await rows(one).first().waitFor();
    const other = await browser.page();
    await launch(other, "his");
    await rows(other).first().waitFor();
    for (const page of [one, other, account]) {
      await page.reload();
      await rows(page).first().waitFor();
    }
    const studies = async (page: Page) =>
      (await rows(page).evaluateAll((found) => found.map((row) => row.getAttribute("data-study")))).sort();
    expect(await studies(one)).toEqual([herStudy]);
    expect(await studies(other)).toEqual([hisStudy]);
    expect(await studies(account)).toEqual([herStudy, hisStudy].sort());

    await one.getByRole("button", { name: "로그아웃" }).click();
    await one.getByText("세션이 종료되었습니다").waitFor();
    expect(await rows(one).count()).toBe(0);
    await one.reload();
    await one.locator("section code", { hasText: "launch-over" }).waitFor();
    expect(await one.locator("input[name=username]").count()).toBe(0);
    await Chromium.screenshot(one, "smart-launch-over");
    await other.reload();
    await rows(other).first().waitFor();
  } finally {
    await browser.close();
  }
});

test("a launch that fails ends on a page that says why, in the browser's language", async () => {
  for (const [locale, text] of [
    ["ko-KR", "EMR의 환자에게 영상과 맞는 식별자가 없거나"],
    ["en-US", "no identifier that images go by"],
  ] as const) {
    const browser = await Chromium.launch(locale);
    try {
      const page = await browser.page();
      await launch(page, "nobody");
      await page.locator("section p", { hasText: text }).first().waitFor();
      await page.locator("section code", { hasText: "smart-patient-unknown" }).waitFor();
      await Chromium.screenshot(page, `smart-launch-failed-${locale}`);
      // The EMR's pages have complaints of their own, about what they load.
      expect(browser.complaints.filter((line) => /uncaught|Content Security Policy/.test(line))).toEqual([]);
    } finally {
      await browser.close();
    }
  }
});
