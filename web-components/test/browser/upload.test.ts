import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createDemoStudy, type DemoFile } from "../../../sidecar/src/phantom/demo-study.js";
import { People } from "../../../sidecar/test/stack/people.js";
import { RunningStack } from "../../../sidecar/test/stack/running-stack.js";
import { Chromium } from "./chromium.js";

const folder = mkdtempSync(join(tmpdir(), "upload-"));
const STOW = "**/dicom-web/studies";
const size = { rows: 64, columns: 64 };
const study = createDemoStudy({ seed: 301, slices: 6, ...size });
const strangers = createDemoStudy({
  seed: 302,
  slices: 2,
  ...size,
  patient: { name: "Lee^Suni=李^順伊=이^순이", id: "OTHER-7", birthDate: "19800101", sex: "F" },
});
const long = createDemoStudy({ seed: 303, slices: 24, rows: 256, columns: 256 });
let stack: RunningStack;
let people: People;
let browser: Chromium;
let page: Page;

beforeAll(async () => {
  // A CD as it comes: images in folders, and what is no image beside them.
  mkdirSync(join(folder, "CD/IMAGES"), { recursive: true });
  study.slice(0, 4).forEach(({ bytes }, index) => writeFileSync(join(folder, `CD/IMAGES/IM${index}`), bytes));
  writeFileSync(join(folder, "CD/AUTORUN.INF"), "[autorun]\nopen=viewer.exe\n");
  writeFileSync(join(folder, "CD/empty"), "");
  study.slice(4).forEach(({ bytes }, index) => writeFileSync(join(folder, `${index}.dcm`), bytes));
  execFileSync("python3", ["-m", "zipfile", "-c", "rest.zip", "0.dcm", "1.dcm"], { cwd: folder });
  strangers.forEach(({ bytes }, index) => writeFileSync(join(folder, `stranger-${index}.dcm`), bytes));
  long.forEach(({ bytes }, index) => writeFileSync(join(folder, `long-${index}.dcm`), bytes));
  stack = await RunningStack.start();
  people = new People(stack);
  browser = await Chromium.launch();
  page = await browser.page();
  await page.goto(`${stack.local.address}/`);
});

afterAll(async () => {
  await browser.close();
  await stack.stop();
  rmSync(folder, { recursive: true });
});

/** Puts the element alone on the page, as somebody who embeds it does. */
async function embed(token: string, attributes: Readonly<Record<string, string>> = {}): Promise<void> {
  await page.addScriptTag({ url: "/widgets/neuronova.js", type: "module" });
  await page.evaluate(
    ([access, given]) => {
      const upload = document.createElement("neuronova-upload");
      for (const [name, value] of Object.entries(given)) upload.setAttribute(name, value);
      Object.assign(upload, { tokenProvider: () => Promise.resolve(access) });
      document.body.replaceChildren(upload);
    },
    [token, attributes] as const,
  );
}

const choose = (...names: string[]) =>
  page.locator("input.files").setInputFiles(names.map((name) => join(folder, name)));
/** Images of its series; models may have added results to the study. */
const inArchive = async ({ studyInstanceUid, seriesInstanceUid: series }: DemoFile) => {
  const response = await stack.fetch(`/dicom-web/studies/${studyInstanceUid}/series/${series}/instances`, {
    headers: { Accept: "application/dicom+json" },
  });
  return response.status === 200 ? ((await response.json()) as unknown[]).length : 0;
};

/** Drops files and folders on the element, as a person does from the desktop. */
async function drop(...names: string[]): Promise<void> {
  const zone = page.locator("[part=zone]");
  await zone.waitFor();
  const box = await zone.boundingBox();
  const client = await page.context().newCDPSession(page);
  const [x, y] = [(box?.x ?? 0) + 20, (box?.y ?? 0) + 20];
  const data = { items: [], files: names.map((name) => join(folder, name)), dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver", "drop"] as const)
    await client.send("Input.dispatchDragEvent", { type, x, y, data });
  await client.detach();
}

test("a CD's folder and an archive are dropped: whose they are is shown before anything is sent", async () => {
  await embed(await stack.token("doctor"), { patient: "DEMO-0001" });
  await drop("CD", "rest.zip");
  const chosen = page.locator(`[data-study="${study[0]?.studyInstanceUid ?? ""}"]`);
  await chosen.getByText("홍길동").waitFor();
  expect(await chosen.innerText()).toContain("DEMO-0001");
  expect(await chosen.innerText()).toContain("영상 6개");
  expect(await page.getByText("AUTORUN.INF").locator("..").innerText()).toContain("DICOM 파일이 아닙니다");
  expect(await page.getByText("CD/empty").locator("..").innerText()).toContain("빈 파일");
  await Chromium.screenshot(page, "upload-review");
  expect(await inArchive(study[0] as DemoFile)).toBe(0);
});

test("it is sent, told file by file, and the page hears what became of it", async () => {
  const ended = page.evaluate(
    () =>
      new Promise((resolve) => {
        document.addEventListener(
          "neuronova-upload-ended",
          (event) => resolve((event as CustomEvent<unknown>).detail),
          { once: true },
        );
      }),
  );
  await page.getByRole("button", { name: "영상 6개 전송" }).click();
  expect(await ended).toEqual({
    studyInstanceUids: [study[0]?.studyInstanceUid],
    stored: 6,
    there: 0,
    failed: 0,
    canceled: 0,
  });
  expect(await page.locator('[data-state="stored"]').count()).toBe(6);
  expect(await inArchive(study[0] as DemoFile)).toBe(6);
  await Chromium.screenshot(page, "upload-ended");
});

test("another patient's images are pointed out, and not sent unless somebody says so", async () => {
  await embed(await stack.token("doctor"), { patient: "DEMO-0001", language: "en" });
  await choose("0.dcm", "stranger-0.dcm", "stranger-1.dcm");
  const stranger = page.locator(`[data-study="${strangers[0]?.studyInstanceUid ?? ""}"]`);
  await stranger.getByText("Not of the patient of this page (DEMO-0001)").waitFor();
  await page.getByText("These are images of 2 patients.").waitFor();
  expect(await stranger.getByRole("checkbox").isChecked()).toBe(false);
  await page.setViewportSize({ width: 420, height: 800 });
  await Chromium.screenshot(page, "upload-mismatch-en");
  await page.setViewportSize({ width: 1280, height: 800 });
  // The keyboard is enough.
  await page.getByRole("button", { name: "Send 1 image" }).focus();
  await page.keyboard.press("Enter");
  // It was stored before: an upload that is repeated goes on where the first one ended.
  await page.locator('[data-state="there"]').waitFor();
  await page.getByText("1 was there before").waitFor();
  expect(await inArchive(strangers[0] as DemoFile)).toBe(0);

  await page.getByRole("button", { name: "Choose others" }).click();
  await choose("stranger-0.dcm", "stranger-1.dcm");
  await stranger.getByRole("checkbox").check();
  await page.getByRole("button", { name: "Send 2 images" }).click();
  await page.getByText("2 of 2 images are stored").waitFor();
  expect(await inArchive(strangers[0] as DemoFile)).toBe(2);
});

test("the server goes away in the middle: it says so, and the rest is sent when it is back, once each", async () => {
  await embed(await stack.token("doctor"), { language: "en" });
  await choose(...long.map((_file, index) => `long-${index}.dcm`));
  await page.getByRole("button", { name: "Send 24 images" }).click();
  await page.locator('[data-state="stored"]').nth(3).waitFor();
  const nginx = stack.local.processes["nginx"];
  await nginx?.stop();
  await page.getByText("The connection is away. It goes on by itself as soon as it is back.").waitFor();
  await Chromium.screenshot(page, "upload-connection-away-en");
  const before = await page.locator('[data-state="stored"]').count();
  expect(before).toBeLessThan(24);
  await nginx?.start();
  await page.getByText("24 of 24 images are stored").waitFor({ timeout: 60_000 });
  expect(await page.locator('[data-state="failed"]').count()).toBe(0);
  expect(await inArchive(long[0] as DemoFile)).toBe(24);
});

test("it is stopped, and goes on", async () => {
  const more = createDemoStudy({ seed: 304, slices: 16, rows: 256, columns: 256 });
  more.forEach(({ bytes }, index) => writeFileSync(join(folder, `more-${index}.dcm`), bytes));
  await embed(await stack.token("doctor"), { language: "en" });
  await choose(...more.map((_file, index) => `more-${index}.dcm`));
  // All but a few would be there before a hand is on the button.
  let sent = 0;
  await page.route(STOW, async (route) => {
    if (++sent <= 4) await route.continue();
  });
  await page.getByRole("button", { name: "Send 16 images" }).click();
  await page.locator('[data-state="stored"]').first().waitFor();
  await page.getByRole("button", { name: "Stop" }).click();
  await page.locator('[data-state="canceled"]').first().waitFor();
  await page.unroute(STOW);
  await page.getByRole("button", { name: "Send the rest" }).click();
  await page.getByText("16 of 16 images are stored").waitFor();
  expect(await inArchive(more[0] as DemoFile)).toBe(16);
});

test("who may not send images is told before choosing any", async () => {
  await embed(await people.token("patient-of-uploads", "patient", { patient: { patientId: "DEMO-0001" } }), {
    language: "en",
  });
  await page.getByText("Your account may not send images.").waitFor();
  expect(await page.getByRole("button").count()).toBe(0);
});

test("who reaches some studies only learns which images were refused", async () => {
  const token = await people.token("nurse-of-another-ward", "nurse", { labels: ["elsewhere"] });
  await embed(token, { language: "en" });
  await choose("stranger-0.dcm");
  await page.getByRole("button", { name: "Send 1 image" }).click();
  await page.getByText("Your account may not add to this study or patient.").waitFor();
});

test("in the workspace it is beside the list, and goes on while a study is looked at", async () => {
  const late = createDemoStudy({ seed: 305, slices: 16, rows: 256, columns: 256 });
  late.forEach(({ bytes }, index) => writeFileSync(join(folder, `late-${index}.dcm`), bytes));
  await page.goto(`${stack.local.address}/`);
  await page.fill("input[name=username]", "doctor");
  await page.fill("input[name=password]", stack.local.secrets.doctorPassword);
  await page.click("button[type=submit]");
  await page.locator(`tr[data-study="${study[0]?.studyInstanceUid ?? ""}"]`).waitFor();
  await page.getByRole("button", { name: "영상 업로드" }).click();
  await choose(...late.map((_file, index) => `late-${index}.dcm`));
  await Chromium.screenshot(page, "upload-in-workspace");
  await page.getByRole("button", { name: "영상 16개 전송" }).click();
  await page.locator(`tr[data-study="${study[0]?.studyInstanceUid ?? ""}"]`).click();
  await page.locator("neuronova-viewer").waitFor();
  await page.goBack();
  await page.getByText("영상 16개 중 16개 저장됨").waitFor();
  expect(await inArchive(late[0] as DemoFile)).toBe(16);
  // What it says of the outage it made itself is no complaint.
  expect(browser.complaints.filter((complaint) => complaint.includes("Content Security Policy"))).toEqual([]);
});
