import { POINTS, type MeasuringTool } from "../../imaging/annotation.js";
import type { MessageKey } from "../../localization/messages.js";

/** What dragging on the image does. */
export type Tool = "window" | "scroll" | "zoom" | "pan" | MeasuringTool;

/** With the key that chooses it, and its name. */
export const TOOLS: readonly { readonly tool: Tool; readonly key: string; readonly name: MessageKey }[] = [
  { tool: "window", key: "w", name: "toolWindow" },
  { tool: "scroll", key: "s", name: "toolScroll" },
  { tool: "zoom", key: "z", name: "toolZoom" },
  { tool: "pan", key: "p", name: "toolPan" },
  { tool: "length", key: "l", name: "toolLength" },
  { tool: "angle", key: "a", name: "toolAngle" },
  { tool: "rectangle", key: "b", name: "toolRectangle" },
  { tool: "ellipse", key: "e", name: "toolEllipse" },
  { tool: "probe", key: "o", name: "toolProbe" },
];

export function isMeasuring(tool: Tool): tool is MeasuringTool {
  return tool in POINTS;
}

export function nameOf(wanted: Tool): MessageKey {
  return TOOLS.find(({ tool }) => tool === wanted)?.name ?? "tools";
}
