import type { Page } from "playwright-core";
import { vi } from "vitest";
import type { RunningStack } from "../../../sidecar/test/stack/running-stack.js";
import { logInAsDoctor } from "./log-in.js";

/** What tests read of the viewer, some of it behind its private door. */
export interface ViewerUnderTest extends HTMLElement {
  readonly imageOnScreen?: {
    readonly sopInstanceUid: string;
    readonly index: number;
    readonly transferSyntaxUid: string;
    readonly complete: boolean;
  };
  readonly images?: readonly { readonly sopInstanceUid: string }[];
  readonly grid: {
    readonly places: readonly {
      readonly viewport: {
        readonly series?: string;
        readonly visible?: { readonly index: number; readonly complete: boolean };
      };
    }[];
  };
  readonly stage?: {
    /** Of the image that was asked for last. */
    readonly index: number;
    readonly constructor: { readonly held: { readonly images: number; readonly bytes: number } };
    readonly window?: { readonly lower: number; readonly upper: number };
    readonly zoom: number;
    readonly map?: {
      toScreen(point: readonly [number, number]): readonly [number, number];
      toImage(point: readonly [number, number]): readonly [number, number];
    };
  };
  series?: string;
  interpolation?: string;
  showImage(index: number): Promise<void>;
}

/** Logs in as the doctor, and waits until the study's first image is whole on screen. */
export async function openViewer(page: Page, stack: RunningStack, study: string): Promise<void> {
  await page.goto(`${stack.local.address}/viewer/${study}`);
  await logInAsDoctor(page, stack);
  await until(page, (viewer) => viewer.imageOnScreen?.complete === true);
}

/** Asks the viewer. */
export function inViewer<R, A = undefined>(
  page: Page,
  work: (viewer: ViewerUnderTest, argument: A) => R | Promise<R>,
  argument?: A,
): Promise<R> {
  return page
    .locator("neuronova-viewer")
    .evaluate(work as unknown as (viewer: HTMLElement, argument: unknown) => R | Promise<R>, argument);
}

/** Waits until something is true of the viewer. */
export async function until(
  page: Page,
  condition: (viewer: ViewerUnderTest) => boolean,
  timeout = 60_000,
): Promise<void> {
  await vi.waitFor(
    async () => {
      if (!(await inViewer(page, condition))) throw new Error(`not yet: ${condition.toString()}`);
    },
    { timeout, interval: 50 },
  );
}

/** The numbers of the images on screen, viewport by viewport, from 1. */
export async function imageNumbers(page: Page): Promise<number[]> {
  return (await page.locator("[data-slice]").allInnerTexts()).map(Number);
}
