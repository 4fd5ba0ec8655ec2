import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import pixelmatch from "pixelmatch";
import type { Locator, Page } from "playwright-core";
import { PNG } from "pngjs";
import { ARTIFACTS } from "./chromium.js";

const BASELINES = fileURLToPath(new URL("../baselines/", import.meta.url));
/** Distance of two colours (OKLab HyAB, 1 is black from white) up to which they are the same. */
const SAME_COLOUR = 0.1;
/** Part of the pixels that may differ: a word that is missing is more, another rounding of an edge is less. */
export const DIFFERENT_PIXELS = 0.0001;

/**
 * Part of the pixels, 0 to 1, in which the page differs from its picture in `test/baselines`. Pictures are of Debian's
 * Chromium with its font NanumGothic; `NEURONOVA_UPDATE_BASELINES=1` writes them anew.
 *
 * @param changing what is another each time, as times are: it is painted over
 * @throws Error when there is no such picture, or it has another size
 */
export async function differenceFromBaseline(
  page: Page,
  name: string,
  changing: readonly Locator[] = [],
): Promise<number> {
  const shot = await page.screenshot({ animations: "disabled", caret: "hide", mask: [...changing] });
  const path = join(BASELINES, `${name}.png`);
  if (process.env["NEURONOVA_UPDATE_BASELINES"] === "1") {
    await mkdir(BASELINES, { recursive: true });
    await writeFile(path, shot);
    return 0;
  }
  if (!existsSync(path)) throw new Error(`there is no baseline ${path}`);
  const [expected, actual] = [PNG.sync.read(await readFile(path)), PNG.sync.read(shot)];
  const { width, height } = expected;
  if (actual.width !== width || actual.height !== height)
    throw new Error(`${name} has ${actual.width} × ${actual.height} pixels, not ${width} × ${height}`);
  const difference = new PNG({ width, height });
  const count = pixelmatch(expected.data, actual.data, difference.data, width, height, {
    threshold: SAME_COLOUR,
  });
  if (count / (width * height) > DIFFERENT_PIXELS) {
    await mkdir(ARTIFACTS, { recursive: true });
    await writeFile(join(ARTIFACTS, `${name}-difference.png`), PNG.sync.write(difference));
    await writeFile(join(ARTIFACTS, `${name}-actual.png`), shot);
  }
  return count / (width * height);
}
