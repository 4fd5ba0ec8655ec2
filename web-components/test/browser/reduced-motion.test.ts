import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createDemoCt } from "../../../sidecar/src/phantom/demo-ct.js";
import { RunningStack } from "../../../sidecar/test/stack/running-stack.js";
import { Chromium } from "./chromium.js";
import { logIn } from "./log-in.js";
import { inViewer, until } from "./viewer-page.js";

const ct = createDemoCt({ seed: 66, slices: 6, rows: 64, columns: 64, stroke: "none" });
const study = ct[0]?.studyInstanceUid ?? "";
let stack: RunningStack;
let browser: Chromium;
let page: Page;

beforeAll(async () => {
  stack = await RunningStack.start({ settings: { NEURONOVA_STABLE_AFTER_SECONDS: "3600" } });
  const events = await stack.events();
  await stack.storeOverWeb(ct.map(({ bytes }) => bytes));
  await events.until("renditions", () => events.of("instance.rendered").length === ct.length);
  events.close();
  browser = await Chromium.launch("en-US");
  page = await browser.page();
  await page.emulateMedia({ reducedMotion: "reduce" });
  await page.goto(stack.local.address);
  await page.locator("input[name=username]").waitFor();
});

afterAll(async () => {
  await browser.close();
  await stack.stop();
});

/** What moves, or would move, on the page: elements of all shadow trees, by their names. */
function moving(): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = document.getAnimations().map(({ id }) => `animation ${id}`);
    const isSet = (times: string) => times.split(",").some((time) => Number.parseFloat(time) > 0);
    const visit = (root: ParentNode) => {
      for (const element of root.querySelectorAll("*")) {
        for (const pseudo of [null, "::before", "::after"]) {
          const style = getComputedStyle(element, pseudo);
          if (
            isSet(style.transitionDuration) ||
            isSet(style.animationDuration) ||
            style.scrollBehavior === "smooth"
          )
            found.push(`${element.localName}.${element.getAttribute("class") ?? ""}`);
        }
        // A bar without a value runs to and fro by the browser itself.
        if (element.matches("progress:indeterminate")) found.push("progress");
        if (element.shadowRoot !== null) visit(element.shadowRoot);
      }
    };
    visit(document);
    return found;
  });
}

test("nothing moves by itself for who asks for less motion: login, list, administration", async () => {
  expect(await page.evaluate(() => matchMedia("(prefers-reduced-motion: reduce)").matches)).toBe(true);
  expect(await moving()).toEqual([]);
  await logIn(page, "admin", stack.local.secrets.adminPassword);
  await page.locator("neuronova-study-list tbody tr").first().waitFor();
  expect(await moving()).toEqual([]);
  await page.goto(`${stack.local.address}/admin`);
  await page.locator("neuronova-admin h2").first().waitFor();
  expect(await moving()).toEqual([]);
});

test("nor in the viewer, while it loads and afterwards; a series plays only when the reader says so", async () => {
  let lift: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => (lift = resolve));
  await page.route("**/frames/**", async (route) => {
    await gate;
    await route.continue();
  });
  await page.goto(`${stack.local.address}/viewer/${study}`);
  await page.locator(".stage [role=status]").waitFor();
  expect(await moving()).toEqual([]);
  lift();
  await until(page, (viewer) => viewer.imageOnScreen?.complete === true);
  expect(await moving()).toEqual([]);
  const play = page.getByRole("button", { name: "Play" });
  expect(await play.getAttribute("aria-pressed")).toBe("false");
  const before = await inViewer(page, (viewer) => viewer.imageOnScreen?.index);
  await play.click();
  await expect.poll(() => inViewer(page, (viewer) => viewer.imageOnScreen?.index)).not.toBe(before);
  await page.getByRole("button", { name: "Stop", exact: true }).click();
  await expect.poll(() => play.getAttribute("aria-pressed")).toBe("false");
});
