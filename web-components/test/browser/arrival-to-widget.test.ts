import type { Page, Response } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createDemoStudy, type DemoFile } from "../../../sidecar/src/phantom/demo-study.js";
import type { EventRecorder } from "../../../sidecar/test/stack/event-recorder.js";
import { python } from "../../../sidecar/test/stack/pydicom.js";
import { RunningStack } from "../../../sidecar/test/stack/running-stack.js";
import { Chromium } from "./chromium.js";

const SIZE = 256;

/** What the test reads of the viewer, some of it behind its private door. */
interface ViewerUnderTest extends HTMLElement {
  imageOnScreen?: { sopInstanceUid: string; index: number; transferSyntaxUid: string };
  interpolation: string;
  showImage(index: number): Promise<void>;
  stage: {
    corners: { topLeft: [number, number]; topRight: [number, number]; bottomLeft: [number, number] };
    window: { lower: number; upper: number };
  };
}

let stack: RunningStack;
let events: EventRecorder;
let browser: Chromium;
let page: Page;
const files = createDemoStudy({});
const study = files[0]?.studyInstanceUid ?? "";

beforeAll(async () => {
  stack = await RunningStack.start();
  events = await stack.events();
  browser = await Chromium.launch();
  page = await browser.page();
});

afterAll(async () => {
  events.close();
  await browser.close();
  await stack.stop();
});

describe("a clinician in the browser", () => {
  test("logs in, and sees an empty list that says so", async () => {
    await page.goto(`${stack.local.address}/`);
    await page.fill("input[name=username]", "doctor");
    await page.fill("input[name=password]", "wrong password!");
    await page.click("button[type=submit]");
    await page.getByRole("alert").waitFor();
    await page.fill("input[name=password]", stack.local.secrets.doctorPassword);
    await page.click("button[type=submit]");
    await page.getByText("아직 검사가 없습니다").waitFor();
    await Chromium.screenshot(page, "study-list-empty");
  });

  test("sees the study appear while it arrives, without a reload, until AI and FHIR are done", async () => {
    await stack.storeOverDicom(files);
    await page.getByText("홍길동 (洪吉洞)").waitFor({ timeout: 30_000 });
    await page.getByText("완료, 미판독").waitFor({ timeout: 90_000 });
    await page.getByText("동기화됨", { exact: true }).waitFor({ timeout: 30_000 });
    await Chromium.screenshot(page, "study-list");
  });

  test("is told that FHIR lacks a change while its server is away, and when it has it again", async () => {
    const fhir = stack.local.processes["fhir"];
    await fhir?.stop();
    await stack.sql(
      "INSERT INTO outbox (destination, aggregate, kind, subject) SELECT 'fhir', patient_key, 'study', orthanc_id FROM study",
    );
    await page.reload();
    await page.getByText("아직 동기화되지 않음").waitFor({ timeout: 30_000 });
    await page.getByText(/부터 대기 중$/).waitFor();
    await Chromium.screenshot(page, "study-list-waiting");
    await fhir?.start();
    await page.getByText("동기화됨", { exact: true }).waitFor({ timeout: 30_000 });
  });

  test("opens it, and sees an image decoded from HTJ2K in the browser", async () => {
    const answers: string[] = [];
    const listen = (response: Response) => {
      if (response.url().includes("/frames/")) answers.push(response.headers()["content-type"] ?? "");
    };
    page.on("response", listen);
    await page.click("tr[data-study] .open");
    const shown = await imageOnScreen();
    expect(page.url()).toBe(`${stack.local.address}/viewer/${study}`);
    expect(shown.transferSyntaxUid).toBe("1.2.840.10008.1.2.4.202");
    page.off("response", listen);
    expect(answers.length).toBeGreaterThan(0);
    for (const type of answers) expect(type).toContain('type="image/jphc"');
  });

  test("sees the stored pixels through the window, each where it belongs", async () => {
    await inViewer((viewer) => (viewer.interpolation = "nearest"));
    const sop = await showSliceWithLesion();
    const file = files.find(({ sopInstanceUid }) => sopInstanceUid === sop);
    const stored = new Uint16Array(
      Uint8Array.from((file as DemoFile).bytes.subarray(-SIZE * SIZE * 2)).buffer,
    );
    const seen = await sampledCanvas(".canvas canvas");
    const { lower, upper } = await inViewer((viewer) => viewer.stage.window);
    const wrong = seen.filter(({ column, row, rgba: [red] }) => {
      const value = stored[row * SIZE + column] ?? 0;
      const grey = Math.min(255, Math.max(0, ((value - lower) / (upper - lower)) * 255));
      return Math.abs(grey - (red ?? 0)) > 3;
    });
    expect(seen.length).toBeGreaterThan(1_000);
    expect(wrong).toEqual([]);
  });

  test("sees the segmentation over it, pixel by pixel what the SEG in Orthanc says", async () => {
    const sop = (await imageOnScreen()).sopInstanceUid;
    const { seg, mask } = await segmentationOf(sop);
    expect(mask.includes("1")).toBe(true);
    const seen = await sampledCanvas(".overlay", 1);
    const wrong = seen.filter(
      ({ column, row, rgba }) => (mask[row * SIZE + column] === "1") !== (rgba[3] ?? 0) > 0,
    );
    expect(seen.length).toBe(SIZE * SIZE);
    expect(wrong.length, `pixels of ${seg} shown wrongly`).toBe(0);
    await page.getByText("AI, 판독 전").first().waitFor();
    await inViewer((viewer) => (viewer.interpolation = "linear"));
    await Chromium.screenshot(page, "viewer");
  });

  test("is told who, which slice and which side from the image on screen", async () => {
    const text = async (selector: string) =>
      (await page.locator(selector).first().innerText()).replace(/\s+/g, " ");
    expect(await text(".corner.tl")).toContain("홍길동 (洪吉洞) DEMO-0001");
    const index = (await imageOnScreen()).index;
    expect(await text("[data-slice]")).toBe(String(index + 1));
    expect(await page.locator(".marker").allInnerTexts()).toEqual(["R", "L", "A", "P"]);
  });

  test("scrolls with the keyboard, and Tab leaves the image", async () => {
    const { index } = await imageOnScreen();
    await page.locator(".stage").focus();
    await page.keyboard.press("ArrowDown");
    await page.waitForFunction(
      (expected) =>
        document
          .querySelector("neuronova-workspace")
          ?.shadowRoot?.querySelector<ViewerUnderTest>("neuronova-viewer")?.imageOnScreen?.index === expected,
      index + 1,
    );
    await page.keyboard.press("Tab");
    const focused = await page.evaluate(
      () =>
        document.querySelector("neuronova-workspace")?.shadowRoot?.querySelector("neuronova-viewer")
          ?.shadowRoot?.activeElement?.className,
    );
    expect(focused).not.toContain("stage");
  });

  test("sees the FHIR resources that came of it", async () => {
    const types = await page
      .locator("[data-fhir]")
      .evaluateAll((elements) => elements.map((element) => element.getAttribute("data-fhir")));
    // One for each of volume, longest diameter and mean intensity.
    const observations = ["Observation", "Observation", "Observation"];
    expect(types.sort()).toEqual(["DiagnosticReport", "ImagingStudy", ...observations, "Patient"]);
    await page.locator('[data-fhir="DiagnosticReport"] summary').click();
    await page.getByText("Demonstration, not for clinical use").first().waitFor();
  });

  test("stays logged in over a reload, with nothing but the session's cookie", async () => {
    await page.reload();
    await imageOnScreen();
    const kept = await page.evaluate(() => ({
      local: Object.fromEntries(Object.entries(localStorage) as [string, string][]),
      session: sessionStorage.length,
      cookie: document.cookie,
    }));
    expect(kept).toMatchObject({ session: 0, cookie: "" });
    // The engine keeps log levels and what the graphics can do; nothing of ours, of the patient or of the session.
    for (const [key, value] of Object.entries(kept.local)) {
      expect(key).toMatch(/^(loglevel|cornerstone3D\.renderingCapabilities)/);
      expect(value).not.toMatch(/eyJ|DEMO-0001|Hong|홍|doctor/);
    }
  });

  test("had no error on the console but the refused logins, and no violation of the strict CSP", () => {
    expect(browser.complaints.filter((complaint) => !complaint.includes("401"))).toEqual([]);
  });
});

/** Runs a function in the page on the viewer. */
async function inViewer<T>(work: (viewer: ViewerUnderTest) => T): Promise<T> {
  const handle = await page.waitForFunction(() =>
    document.querySelector("neuronova-workspace")?.shadowRoot?.querySelector("neuronova-viewer"),
  );
  return handle.evaluate(work as unknown as (viewer: Element | null | undefined) => T);
}

async function imageOnScreen(): Promise<{
  sopInstanceUid: string;
  index: number;
  transferSyntaxUid: string;
}> {
  const handle = await page.waitForFunction(
    () =>
      document
        .querySelector("neuronova-workspace")
        ?.shadowRoot?.querySelector<ViewerUnderTest>("neuronova-viewer")?.imageOnScreen,
    null,
    { timeout: 30_000 },
  );
  return handle.evaluate(
    (shown) => shown as { sopInstanceUid: string; index: number; transferSyntaxUid: string },
  );
}

/** Shows the slice where the SEG has most pixels. */
async function showSliceWithLesion(): Promise<string> {
  const { largest } = await segmentationOf("");
  const place = await inViewer((viewer) =>
    (viewer as unknown as { images: { sopInstanceUid: string }[] }).images.map(
      ({ sopInstanceUid }) => sopInstanceUid,
    ),
  );
  const index = place.indexOf(largest);
  expect(index).toBeGreaterThanOrEqual(0);
  await page.evaluate(async (target) => {
    await document
      .querySelector("neuronova-workspace")
      ?.shadowRoot?.querySelector<ViewerUnderTest>("neuronova-viewer")
      ?.showImage(target);
  }, index);
  await page.waitForFunction(
    (sop) =>
      document
        .querySelector("neuronova-workspace")
        ?.shadowRoot?.querySelector<ViewerUnderTest>("neuronova-viewer")?.imageOnScreen?.sopInstanceUid ===
      sop,
    largest,
  );
  return largest;
}

interface Sample {
  readonly column: number;
  readonly row: number;
  readonly rgba: number[];
}

/** Reads a canvas of the viewer at the centres of image pixels. */
async function sampledCanvas(selector: string, step = 7): Promise<Sample[]> {
  // Drawn on the next frames; two of them have passed when this answers.
  await page.evaluate(
    () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
  );
  return page.evaluate(
    ({ selector, step, size }) => {
      const viewer = document
        .querySelector("neuronova-workspace")
        ?.shadowRoot?.querySelector<ViewerUnderTest>("neuronova-viewer");
      const canvas = viewer?.shadowRoot?.querySelector<HTMLCanvasElement>(selector);
      if (!viewer || !canvas) throw new Error("no viewer");
      const { topLeft, topRight, bottomLeft } = viewer.stage.corners;
      const ratio = canvas.width / canvas.clientWidth;
      const data = canvas.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height);
      if (!data) throw new Error("the canvas cannot be read");
      const samples: { column: number; row: number; rgba: number[] }[] = [];
      for (let row = 0; row < size; row += step) {
        for (let column = 0; column < size; column += step) {
          const [u, v] = [(column + 0.5) / size, (row + 0.5) / size];
          const x = Math.floor(
            (topLeft[0] + u * (topRight[0] - topLeft[0]) + v * (bottomLeft[0] - topLeft[0])) * ratio,
          );
          const y = Math.floor(
            (topLeft[1] + u * (topRight[1] - topLeft[1]) + v * (bottomLeft[1] - topLeft[1])) * ratio,
          );
          samples.push({
            column,
            row,
            rgba: [...data.data.subarray((y * canvas.width + x) * 4, (y * canvas.width + x) * 4 + 4)],
          });
        }
      }
      return samples;
    },
    { selector, step, size: SIZE },
  );
}

/** What the SEG in Orthanc says of a slice, read by pydicom; and the slice it covers most. */
async function segmentationOf(sop: string): Promise<{ seg: string; mask: string; largest: string }> {
  const [instance] = await stack.orthancJson<string[]>("/tools/find", {
    method: "POST",
    body: JSON.stringify({ Level: "Instance", Query: { Modality: "SEG" } }),
  });
  const bytes = Buffer.from(await (await stack.orthanc(`/instances/${instance ?? ""}/file`)).arrayBuffer());
  const output = await python(
    `import sys, io, json, base64, pydicom
d = pydicom.dcmread(io.BytesIO(base64.b64decode(sys.stdin.read())))
p = d.pixel_array
p = p if p.ndim == 3 else p[None]
sops = [g.DerivationImageSequence[0].SourceImageSequence[0].ReferencedSOPInstanceUID for g in d.PerFrameFunctionalGroupsSequence]
sizes = [int(f.sum()) for f in p]
mask = "".join(str(int(v)) for s, f in zip(sops, p) if s == sys.argv[1] for v in f.flatten())
print(json.dumps({"seg": d.SOPInstanceUID, "mask": mask, "largest": sops[sizes.index(max(sizes))]}))`,
    bytes.toString("base64"),
    sop,
  );
  return JSON.parse(output) as { seg: string; mask: string; largest: string };
}
