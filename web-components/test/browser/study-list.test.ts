import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createDemoCt } from "../../../sidecar/src/phantom/demo-ct.js";
import { createDemoStudy } from "../../../sidecar/src/phantom/demo-study.js";
import { RunningStack } from "../../../sidecar/test/stack/running-stack.js";
import { Chromium } from "./chromium.js";

/** A page of the list and some more. */
const STUDIES = 53;
const PATIENTS = 7;
const SMALL = { slices: 1, rows: 32, columns: 32 };
let stack: RunningStack;
let browser: Chromium;
let page: Page;

const person = (number: number) => ({
  name: `Row${String(number % PATIENTS)}^Given`,
  id: `LIST-${number % PATIENTS}`,
  birthDate: "19700101",
  sex: "F" as const,
});

beforeAll(async () => {
  stack = await RunningStack.start({ sidecarProcesses: [["api", "transcoding", "delivery"]] });
  const events = await stack.events();
  const studies = Array.from({ length: STUDIES }, (_, number) =>
    createDemoStudy({ ...SMALL, seed: 700 + number, patient: person(number) }),
  );
  const ct = createDemoCt({ ...SMALL, seed: 1, patient: { ...person(0), name: "Zet^Ct", id: "LIST-CT" } });
  expect((await stack.storeOverWeb([...studies, ct].flat().map(({ bytes }) => bytes))).status).toBe(200);
  await events.until("renditions", () => events.of("instance.rendered").length === STUDIES + 1);
  events.close();
  browser = await Chromium.launch();
  page = await browser.page();
  await page.goto(`${stack.local.address}/`);
});

afterAll(async () => {
  await browser.close();
  await stack.stop();
});

/** Puts the element alone on the page, as somebody who embeds it does. */
async function embed(attributes: Readonly<Record<string, string>> = {}): Promise<void> {
  await page.addScriptTag({ url: "/widgets/neuronova.js", type: "module" });
  await page.evaluate(
    ([token, given]) => {
      const list = document.createElement("neuronova-study-list");
      for (const [name, value] of Object.entries(given)) list.setAttribute(name, value);
      const opened: string[] = [];
      list.addEventListener("neuronova-study-open", ({ detail }) => opened.push(detail.studyInstanceUid));
      Object.assign(list, { tokenProvider: () => Promise.resolve(token), opened });
      document.body.replaceChildren(list);
    },
    [await stack.token("doctor"), attributes] as const,
  );
}

const rows = () => page.locator("tr[data-study]");
const names = () => page.locator(".open").allInnerTexts();

test("shows the newest fifty with a picture each, and the rest on the next page", async () => {
  await embed();
  await page.getByText(`검사 ${STUDIES + 1}건`).waitFor();
  expect(await rows().count()).toBe(50);
  await page.waitForFunction(() => {
    const list = document.querySelector("neuronova-study-list");
    const first = list?.shadowRoot?.querySelector("neuronova-thumbnail");
    return (first?.shadowRoot?.querySelector("img")?.naturalWidth ?? 0) > 0;
  });
  await Chromium.screenshot(page, "study-list-many");
  expect(await page.getByRole("button", { name: "이전" }).isDisabled()).toBe(true);
  const first = await page.locator("tr[data-study]").first().getAttribute("data-study");
  await page.getByRole("button", { name: "다음" }).click();
  await page.getByText("2 / 2").waitFor();
  await expect.poll(() => rows().count()).toBe(STUDIES + 1 - 50);
  expect(await page.getByRole("button", { name: "다음" }).isDisabled()).toBe(true);
  await page.getByRole("button", { name: "이전" }).click();
  await expect.poll(() => rows().count()).toBe(50);
  expect(await rows().first().getAttribute("data-study")).toBe(first);
});

test("is narrowed by modality, days and words, and says so when nothing is left", async () => {
  await page.locator("select[name=modality]").selectOption("CT");
  await page.getByText("검사 1건").waitFor();
  expect(await names()).toEqual(["Zet, Ct"]);
  await page.locator("input[name=from]").fill("2031-01-01");
  await page.getByText("검색과 일치하는 검사가 없습니다.").waitFor();
  await page.getByRole("button", { name: "지우기" }).click();
  await page.getByText(`검사 ${STUDIES + 1}건`).waitFor();
  expect(await page.locator("select[name=modality]").inputValue()).toBe("");
  expect(await page.locator("input[name=from]").inputValue()).toBe("");
});

test("is put in order by its headings, both ways", async () => {
  const heading = page.locator("th", { hasText: "환자" });
  await heading.getByRole("button").click();
  await expect.poll(async () => (await names())[0]).toBe("Row0, Given");
  expect(await heading.getAttribute("aria-sort")).toBe("ascending");
  expect(await names()).toEqual([...(await names())].sort());
  await heading.getByRole("button").click();
  await expect.poll(async () => (await names())[0]).toBe("Zet, Ct");
  expect(await heading.getAttribute("aria-sort")).toBe("descending");
});

test("goes from study to study by the keyboard, and opens one", async () => {
  await page.locator(".open").first().focus();
  for (const key of ["ArrowDown", "ArrowDown", "ArrowUp", "End", "ArrowDown", "Home", "ArrowDown"])
    await page.keyboard.press(key);
  await page.keyboard.press("Enter");
  const second = await rows().nth(1).getAttribute("data-study");
  const opened = await page.evaluate(
    () => (document.querySelector("neuronova-study-list") as unknown as { opened: string[] }).opened,
  );
  expect(opened).toEqual([second]);
});

test("in a patient's chart shows that patient's studies alone, in English and on a narrow page too", async () => {
  await page.setViewportSize({ width: 430, height: 800 });
  await embed({ patient: "LIST-3", language: "en" });
  const theirs = Array.from({ length: STUDIES }, (_, number) => number).filter(
    (number) => number % PATIENTS === 3,
  ).length;
  await page.getByText(`${theirs} studies`).waitFor();
  expect(new Set(await names())).toEqual(new Set(["Row3, Given"]));
  await Chromium.screenshot(page, "study-list-narrow-en");
  await page.setViewportSize({ width: 1400, height: 860 });
});

test("shows nobody else's studies any more from the moment the patient changes", async () => {
  await embed({ patient: "LIST-3", language: "en" });
  await rows().first().waitFor();
  // Their answer is kept back: what is on the page meanwhile is what counts.
  await page.route("**/api/studies?*", () => undefined);
  const shown = await page.evaluate(async () => {
    const list = document.querySelector("neuronova-study-list");
    list?.setAttribute("patient", "LIST-4");
    await list?.updateComplete;
    return list?.shadowRoot?.textContent ?? "";
  });
  expect(shown).toContain("Loading");
  expect(shown).not.toContain("Row3");
  await page.unroute("**/api/studies?*");
});

test("says why there is no list, and tries again when asked to", async () => {
  await page.route("**/api/studies?*", (route) => route.abort());
  await embed({ language: "en" });
  await page.getByRole("alert").getByText("The list could not be loaded").waitFor();
  expect(await page.getByText("There are no studies yet").count()).toBe(0);
  await page.unroute("**/api/studies?*");
  await page.getByRole("button", { name: "Try again" }).click();
  await rows().first().waitFor();
  expect(await page.getByRole("alert").count()).toBe(0);
});
