import { AnalysisError } from "./analysis-error.js";
import type { ModelManifest } from "./model-manifest.js";
import { IntensitySample, windowed, type Normalisation } from "./normalise.js";
import type { ReadPlane } from "./plane-source.js";

/** Of a volume with more slices so many are looked at, spread evenly: reading all of it twice would take too long. */
const MOST_SAMPLED_SLICES = 64;
const READ_AT_ONCE = 4;

/**
 * How a model wants the volume's intensities. What depends on the whole volume is found from a sample of it, slice by
 * slice; the same volume gives the same answer.
 * @throws AnalysisError `no-contrast`
 */
export async function volumeNormalisation(
  { normalisation }: ModelManifest["preprocessing"],
  { rows, columns, slices }: { rows: number; columns: number; slices: readonly unknown[] },
  readPlane: ReadPlane,
): Promise<Normalisation> {
  if (normalisation.kind === "window")
    return windowed(normalisation.centre, normalisation.width, normalisation.range);
  const looked = Math.min(slices.length, MOST_SAMPLED_SLICES);
  const sample = new IntensitySample(rows * columns * looked);
  const indexes = Array.from({ length: looked }, (_, at) =>
    Math.floor(((at + 0.5) * slices.length) / looked),
  );
  for (let start = 0; start < looked; start += READ_AT_ONCE) {
    const planes = await Promise.all(indexes.slice(start, start + READ_AT_ONCE).map(readPlane));
    for (const plane of planes) sample.add(plane);
  }
  const found = sample.foregroundMedian();
  if (found === undefined) throw new AnalysisError("no-contrast", "the images have no contrast");
  return found;
}
