import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createDemoStudy } from "../../../sidecar/src/phantom/demo-study.js";
import { ChangingStudies } from "../../../sidecar/test/stack/changing-studies.js";
import { RunningStack } from "../../../sidecar/test/stack/running-stack.js";
import { Chromium } from "./chromium.js";
import { logInAsDoctor } from "./log-in.js";

/** The way to the server breaks while studies arrive; what happened meanwhile is told after it, once. */
let stack: RunningStack;
let database: ChangingStudies;
let browser: Chromium;
let page: Page;

interface Frame {
  readonly type?: string;
  readonly sequence: number;
  readonly event?: string;
  readonly sopInstanceUid?: string;
}
/** What came over every socket of the page, in order. */
const heard: Frame[] = [];
let sockets = 0;

const studyOf = (seed: number) => {
  const patient = { name: `Break^${seed}`, id: `BREAK-${seed}`, birthDate: "19700101", sex: "F" as const };
  return createDemoStudy({ seed, slices: 1, rows: 32, columns: 32, patient });
};
const before = studyOf(81);
const during = [82, 83, 84, 85].map(studyOf);
const after = studyOf(86);

beforeAll(async () => {
  stack = await RunningStack.start({ sidecarProcesses: [["api", "transcoding", "delivery"]] });
  database = await ChangingStudies.open(stack.local.databaseUrl);
  browser = await Chromium.launch("en-US");
  page = await browser.page();
  page.on("websocket", (socket) => {
    sockets += 1;
    socket.on("framereceived", ({ payload }) => heard.push(JSON.parse(String(payload)) as Frame));
  });
  await page.goto(`${stack.local.address}/`);
  await logInAsDoctor(page, stack);
  await page.getByText("There are no studies yet").waitFor();
});

afterAll(async () => {
  await browser.close();
  await database.close();
  await stack.stop();
});

const rendered = () =>
  heard.filter(({ event }) => event === "instance.rendered").map(({ sopInstanceUid }) => sopInstanceUid);
const listed = async () =>
  page.locator("tr[data-study]").evaluateAll((rows) => rows.map((row) => row.getAttribute("data-study")));
const uids = (files: readonly ReturnType<typeof studyOf>[]) =>
  files.flat().map((file) => file.studyInstanceUid);

test("after a break the list has every study once, and every event was heard once, in order", async () => {
  await stack.storeOverDicom(before);
  await expect.poll(() => rendered().length, { timeout: 30_000 }).toBe(1);
  expect(sockets).toBe(1);

  await stack.local.processes["nginx"]?.stop();
  for (const files of during) await stack.storeOverDicom(files);
  // Past nginx, at the database: everything has happened before the way is open again.
  const happened = async () =>
    (await database.rows<object>("SELECT sequence FROM event WHERE event = 'instance.rendered'")).length;
  await expect.poll(happened, { timeout: 60_000 }).toBe(5);
  expect(rendered()).toHaveLength(1);
  await stack.local.processes["nginx"]?.start();

  await expect.poll(listed, { timeout: 60_000 }).toHaveLength(5);
  expect(new Set(await listed())).toEqual(new Set(uids([before, ...during])));
  expect(sockets).toBeGreaterThan(1);

  await stack.storeOverDicom(after);
  await expect.poll(() => rendered().length, { timeout: 30_000 }).toBe(6);
  await expect.poll(listed).toHaveLength(6);
  const all = [before, ...during, after].flat().map(({ sopInstanceUid }) => sopInstanceUid);
  expect([...rendered()].sort()).toEqual([...all].sort());
  const sequences = heard.filter(({ event }) => event !== undefined).map(({ sequence }) => sequence);
  expect(sequences).toEqual([...new Set(sequences)].sort((one, other) => one - other));
});
