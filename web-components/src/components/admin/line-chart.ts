import { svg, html, type TemplateResult } from "lit";

/** A value at a moment (milliseconds since 1970); undefined where there was none: the line has a gap there. */
export interface Sample {
  readonly at: number;
  readonly value: number | undefined;
}

export interface LineChartState {
  readonly title: string;
  readonly unit: string;
  readonly samples: readonly Sample[];
  /** How far back the chart goes, in milliseconds. */
  readonly spanMilliseconds: number;
  /** The right end of the chart. */
  readonly now: number;
  /** What stands below the left and the right end. */
  readonly ends: readonly [string, string];
  /** The chart in words, for who does not see it. */
  readonly description: string;
  /** The last value as text. */
  readonly latest: string;
}

const WIDTH = 320;
const HEIGHT = 120;
const LEFT = 44;
const RIGHT = 8;
const TOP = 10;
const BOTTOM = 22;

/** A line over time. The value axis begins at zero: a small change must not look like a large one. */
export function lineChart(state: LineChartState): TemplateResult {
  const { title, unit, samples, spanMilliseconds, now, ends, description, latest } = state;
  const top = niceCeiling(Math.max(0, ...samples.map(({ value }) => value ?? 0)));
  const x = (at: number) => LEFT + (1 - (now - at) / spanMilliseconds) * (WIDTH - LEFT - RIGHT);
  const y = (value: number) => TOP + (1 - value / top) * (HEIGHT - TOP - BOTTOM);
  const shown = samples.filter(({ at }) => at >= now - spanMilliseconds);
  return html`
    <figure>
      <figcaption>${title} <strong>${latest}</strong></figcaption>
      <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label=${description}>
        ${[0, top / 2, top].map(
          (value) => svg`
            <line class="grid" x1=${LEFT} x2=${WIDTH - RIGHT} y1=${y(value)} y2=${y(value)}></line>
            <text x=${LEFT - 6} y=${y(value) + 4} text-anchor="end">${value}${value === top ? ` ${unit}` : ""}</text>
          `,
        )}
        <text x=${LEFT} y=${HEIGHT - 6}>${ends[0]}</text>
        <text x=${WIDTH - RIGHT} y=${HEIGHT - 6} text-anchor="end">${ends[1]}</text>
        <path d=${pathOf(shown, x, y)}></path>
        ${shown.map(({ at, value }) =>
          value === undefined ? "" : svg`<circle cx=${x(at)} cy=${y(value)} r="1.6"></circle>`,
        )}
      </svg>
    </figure>
  `;
}

/** The line through the samples, interrupted where one has no value: nothing is made up in between. */
export function pathOf(
  samples: readonly Sample[],
  x: (at: number) => number,
  y: (value: number) => number,
): string {
  let pen = "M";
  const parts: string[] = [];
  for (const { at, value } of samples) {
    if (value === undefined) pen = "M";
    else {
      parts.push(`${pen}${x(at).toFixed(1)} ${y(value).toFixed(1)}`);
      pen = "L";
    }
  }
  return parts.join("");
}

/** The next of 2, 4, 10, 20, 40, 100, … at or above a value, so that half of it is a round number, too. */
export function niceCeiling(value: number): number {
  if (value <= 2) return 2;
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 4, 10].map((step) => step * power).find((step) => step >= value) ?? value;
}
