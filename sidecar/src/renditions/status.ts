import { RENDITION_FORMAT } from "../transcoding/rendition.js";
import { RENDITION_STATES } from "../state/records.js";
import type { RenditionFigures } from "./rendition-store.js";

/** What `neuronova htj2k status` prints. */
export function statusText(figures: readonly RenditionFigures[]): string {
  const sum = (of: readonly RenditionFigures[], measure: (figure: RenditionFigures) => number) =>
    of.reduce((total, figure) => total + measure(figure), 0);
  const states = RENDITION_STATES.map(
    (state) =>
      `${state.padEnd(16)}${sum(
        figures.filter((figure) => figure.state === state),
        ({ count }) => count,
      )}`,
  );
  const stored = figures.filter(({ state }) => state === "rendered");
  const formats = stored
    .map(({ format, count }) => {
      const outdated = (format ?? 0) < RENDITION_FORMAT ? " (earlier: made again in the background)" : "";
      return `format ${String(format).padEnd(9)}${count}${outdated}`;
    })
    .sort();
  const renditionBytes = sum(stored, (figure) => figure.renditionBytes);
  const pixelBytes = sum(stored, (figure) => figure.pixelBytes);
  const ratio = renditionBytes === 0 ? "" : ` (${(pixelBytes / renditionBytes).toFixed(2)} to 1)`;
  const bytes = [`rendition bytes ${renditionBytes}`, `pixel bytes     ${pixelBytes}${ratio}`];
  return [...states, ...formats, ...bytes].join("\n") + "\n";
}
