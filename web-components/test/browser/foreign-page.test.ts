import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createDemoStudy } from "../../../sidecar/src/phantom/demo-study.js";
import { RunningStack } from "../../../sidecar/test/stack/running-stack.js";
import { Chromium } from "./chromium.js";
import { EmrPage } from "./emr-page.js";

/** An EMR's page on another origin, under a strict policy, with one script tag. */
const [image] = createDemoStudy({ seed: 81, slices: 1, rows: 128, columns: 128 });
const study = image?.studyInstanceUid ?? "";
let emr: EmrPage;
let stack: RunningStack;
let browser: Chromium;
let page: Page;
const addresses: string[] = [];
const tokens: string[] = [];

beforeAll(async () => {
  emr = await EmrPage.open();
  stack = await RunningStack.start({ embedding: { origins: [emr.origin] } });
  emr.hub = stack.local.address;
  const events = await stack.events();
  await stack.storeOverWeb(image === undefined ? [] : [image.bytes]);
  await events.until("rendition", () => events.of("instance.rendered").length === 1);
  events.close();
  browser = await Chromium.launch("en-US");
  page = await browser.page();
  page.on("request", (request) => addresses.push(request.url(), request.headers()["referer"] ?? ""));
  page.on("websocket", (socket) => addresses.push(socket.url()));
});

afterAll(async () => {
  await browser.close();
  emr.close();
  await stack.stop();
});

test("a token that is refused is asked for anew once, for the requests and the events of all elements", async () => {
  const reasons: string[] = [];
  emr.token = async (reason) => {
    reasons.push(reason);
    const token = reason === "initial" ? "of.nobody.known" : await stack.token("doctor");
    tokens.push(token);
    return token;
  };
  await page.goto(emr.origin);
  await page.locator(`tr[data-study="${study}"]`).waitFor();
  expect(reasons).toEqual(["initial", "refused"]);
});

test("a study that is chosen is told to the page, and its image decoded on it", async () => {
  await page.locator(`tr[data-study="${study}"]`).click();
  await page.waitForFunction(() => {
    const viewer = document.querySelector("neuronova-viewer") as { imageOnScreen?: object } | null;
    return viewer?.imageOnScreen !== undefined;
  });
  await Chromium.screenshot(page, "foreign-page");
});

test("what arrives is told to the list on the foreign page while it is open", async () => {
  const [later] = createDemoStudy({ seed: 82, slices: 1, rows: 64, columns: 64 });
  await stack.storeOverWeb(later === undefined ? [] : [later.bytes]);
  await page.locator(`tr[data-study="${later?.studyInstanceUid ?? ""}"]`).waitFor();
});

test("no token is in an address or in what the browser keeps, and the policy had nothing to refuse", async () => {
  expect(tokens.length).toBeGreaterThan(1);
  for (const token of tokens) expect(addresses.filter((address) => address.includes(token))).toEqual([]);
  const kept = await page.evaluate(() => ({
    local: Object.entries(localStorage),
    session: Object.entries(sessionStorage),
  }));
  expect(kept).toEqual({ local: [], session: [] });
  expect(browser.complaints.filter((complaint) => !complaint.includes("status of 401"))).toEqual([]);
});
