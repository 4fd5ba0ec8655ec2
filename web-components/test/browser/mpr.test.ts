import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createDemoCt } from "../../../sidecar/src/phantom/demo-ct.js";
import { createDemoStudy } from "../../../sidecar/src/phantom/demo-study.js";
import { createHead } from "../../../sidecar/src/phantom/head.js";
import { RunningStack } from "../../../sidecar/test/stack/running-stack.js";
import { Chromium } from "./chromium.js";
import { openViewer } from "./viewer-page.js";

/** The phantom's lesion: in the patient's left frontal lobe (mm, PS3.3 C.7.6.2). */
const LESION = { centreMm: [32, -14, 22], radiusMm: 15 } as const;
const SIZE = { rows: 128, columns: 128, slices: 24 };
const head = createHead({ seed: 1, lesion: LESION });
const mr = createDemoStudy({ seed: 1, lesion: LESION, ...SIZE });
const few = createDemoCt({ seed: 97, stroke: "none", rows: 64, columns: 64, slices: 3 });
let stack: RunningStack;
let browser: Chromium;
let page: Page;

interface Vector3 {
  readonly [axis: number]: number;
}
interface PaneUnderTest {
  readonly view: { readonly name: string };
  toScreen(point: Vector3): readonly [number, number] | undefined;
}
interface MprUnderTest extends HTMLElement {
  readonly panes: readonly PaneUnderTest[];
  point?: Vector3;
}

beforeAll(async () => {
  stack = await RunningStack.start({ settings: { NEURONOVA_STABLE_AFTER_SECONDS: "3600" } });
  const events = await stack.events();
  const files = [...mr, ...few];
  await stack.storeOverWeb(files.map(({ bytes }) => bytes));
  await events.until("renditions", () => events.of("instance.rendered").length === files.length);
  events.close();
  browser = await Chromium.launch();
  page = await browser.page();
  await openViewer(page, stack, mr[0]?.studyInstanceUid ?? "");
  await page.getByRole("button", { name: "MPR" }).click();
  await page.locator("[data-place=axial]").waitFor({ timeout: 60_000 });
});

afterAll(async () => {
  await browser.close();
  await stack.stop();
});

/** Puts the planes through a point; greys on the canvas of each plane on a lattice of points around it, millimetres. */
async function greysAround(centre: readonly [number, number, number]) {
  return page.locator("neuronova-mpr").evaluate(async (element, middle) => {
    const mpr = element as unknown as MprUnderTest & { updateComplete: Promise<boolean> };
    mpr.point = middle;
    while (!(await mpr.updateComplete));
    const axes: Record<string, readonly [number, number]> = {
      axial: [0, 1],
      sagittal: [1, 2],
      coronal: [0, 2],
    };
    return mpr.panes.map((pane) => {
      const { name } = pane.view;
      const canvas = mpr.shadowRoot?.querySelector<HTMLCanvasElement>(`[data-plane=${name}] canvas`);
      const context = canvas?.getContext("2d");
      const ratio = (canvas?.width ?? 0) / (canvas?.clientWidth ?? 1);
      const [a = 0, b = 1] = axes[name] ?? [];
      const seen: { point: number[]; grey: number; screen: readonly [number, number] }[] = [];
      for (let u = -60; u <= 60; u += 5)
        for (let v = -60; v <= 60; v += 5) {
          const point = [...middle];
          point[a] = (point[a] ?? 0) + u;
          point[b] = (point[b] ?? 0) + v;
          const screen = pane.toScreen(point) ?? [NaN, NaN];
          const [x, y] = screen;
          const grey =
            context?.getImageData(Math.floor(x * ratio), Math.floor(y * ratio), 1, 1).data[0] ?? NaN;
          seen.push({ point, grey, screen });
        }
      return { name, seen, middle: (canvas?.clientWidth ?? 0) / 2 };
    });
  }, centre);
}

function correlation(pairs: readonly (readonly [number, number])[]): number {
  const mean = (at: 0 | 1) => pairs.reduce((sum, pair) => sum + pair[at], 0) / pairs.length;
  const [x, y] = [mean(0), mean(1)];
  const spread = (at: 0 | 1, middle: number) =>
    Math.sqrt(pairs.reduce((sum, pair) => sum + (pair[at] - middle) ** 2, 0));
  const common = pairs.reduce((sum, pair) => sum + (pair[0] - x) * (pair[1] - y), 0);
  return common / spread(0, x) / spread(1, y);
}

describe("reformatted planes of the phantom", () => {
  test("each shows what the phantom has at that place of the patient", async () => {
    for (const { name, seen } of await greysAround(LESION.centreMm)) {
      const pairs = seen
        // The slab ends at 72 and −48 mm.
        .filter(({ point: [, , z = NaN] }) => z < 69 && z > -45)
        .map(({ point: [x = NaN, y = NaN, z = NaN], grey }) => [head.at(x, y, z).signal, grey] as const);
      expect(pairs.length, name).toBeGreaterThan(300);
      expect(correlation(pairs), name).toBeGreaterThan(0.75);
    }
  });

  test("the lesion on the patient's left is on the right, where L stands, and as bright as it is", async () => {
    const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    for (const { name, seen, middle } of await greysAround(LESION.centreMm)) {
      const [cx, cy, cz] = LESION.centreMm;
      const within = ({ point: [x = NaN, y = NaN, z = NaN] }: (typeof seen)[number]) =>
        Math.hypot(x - cx, y - cy, z - cz) < 10;
      const inside = seen.filter(within);
      if (name !== "sagittal")
        for (const { screen } of inside) expect(screen[0], name).toBeGreaterThan(middle);
      const mirrored = (await greysAround([-cx, cy, cz])).find((plane) => plane.name === name)?.seen ?? [];
      const opposite = mirrored.filter(
        ({ point: [x = NaN, y = NaN, z = NaN] }) => Math.hypot(x + cx, y - cy, z - cz) < 10,
      );
      expect(
        Math.abs(mean(inside.map(({ grey }) => grey)) - mean(opposite.map(({ grey }) => grey))),
        name,
      ).toBeGreaterThan(15);
    }
    const letters = (plane: string) => page.locator(`[data-plane=${plane}] .marker`).allInnerTexts();
    expect(await letters("axial")).toEqual(["R", "L", "A", "P"]);
    expect(await letters("sagittal")).toEqual(["A", "P", "H", "F"]);
    expect(await letters("coronal")).toEqual(["R", "L", "H", "F"]);
    await greysAround(LESION.centreMm);
    expect(await page.locator("[data-place]").allInnerTexts()).toEqual(["H 22.0", "L 32.0", "A 14.0"]);
    await Chromium.screenshot(page, "mpr");
  });

  test("a click in one plane moves the others there, the wheel goes through slices, and the identity stays", async () => {
    const target = await page.locator("neuronova-mpr").evaluate((element) => {
      const pane = (element as unknown as MprUnderTest).panes[0];
      return pane?.toScreen([-20, 30, 22]) ?? [NaN, NaN];
    });
    await page.locator("[data-plane=axial]").click({ position: { x: target[0], y: target[1] } });
    const places = async () =>
      (await page.locator("[data-place]").allInnerTexts()).map(
        (text) => [text[0], Number(text.slice(2))] as const,
      );
    await expect.poll(async () => (await places())[1]?.[0]).toBe("R");
    const [, sagittal, coronal] = await places();
    expect(Math.abs((sagittal?.[1] ?? NaN) - 20)).toBeLessThan(1);
    expect(Math.abs((coronal?.[1] ?? NaN) - 30)).toBeLessThan(1);
    await page.locator("[data-plane=axial]").hover({ position: { x: 30, y: 120 } });
    await page.mouse.wheel(0, 60);
    await expect.poll(async () => (await places())[0]?.[1]).toBe(27);
    expect(await page.locator("neuronova-mpr .corner.tl strong").allInnerTexts()).toEqual(
      Array.from({ length: 3 }, () => expect.stringContaining("홍길동") as string),
    );
  });
});

test("a series that is no volume says why it has no planes", async () => {
  await page.goto(`${stack.local.address}/viewer/${few[0]?.studyInstanceUid ?? ""}`);
  const button = page.getByRole("button", { name: "MPR" });
  await expect
    .poll(() => button.getAttribute("title"), { timeout: 60_000 })
    .toContain("영상이 너무 적습니다");
  expect(await button.isDisabled()).toBe(true);
  expect(browser.complaints.filter((complaint) => !complaint.includes("401"))).toEqual([]);
});
