import { html, nothing, type TemplateResult } from "lit";
import type { ScreenMap } from "../../imaging/screen-map.js";
import type { KeyboardDrawingState } from "./keyboard-drawing.js";

/** CSS pixels from the middle of the cross to where its arms begin and end: what is under it stays to be seen. */
const ARM = [4, 14] as const;

/** The cross that is moved by keys. */
export function drawingCursor(
  state: KeyboardDrawingState | undefined,
  map: ScreenMap,
): TemplateResult | typeof nothing {
  if (state === undefined) return nothing;
  const [x, y] = map.toScreen(state.cursor);
  const [from, to] = ARM;
  const arms = [
    `M${x - to} ${y}H${x - from}`,
    `M${x + from} ${y}H${x + to}`,
    `M${x} ${y - to}V${y - from}`,
    `M${x} ${y + from}V${y + to}`,
  ].join("");
  return html`
    <svg class="annotations" aria-hidden="true">
      <path class="rim" d=${arms}></path>
      <path class="cross" d=${arms}></path>
    </svg>
  `;
}
