import type { Stage } from "../../imaging/stage.js";
import type { DrawingText } from "../../localization/drawing-messages.js";
import { TOOLS, type Tool } from "./tool.js";

export interface KeyActions {
  readonly stage: Stage | undefined;
  show(index: number): void;
  choose(tool: Tool): void;
  /** By its place in the list of presets, from 0. */
  preset(index: number): void;
  toggleCine(): void;
  cancel(): void;
  help(): void;
  /** Marks what is on screen as key image. */
  keyImage(): void;
}

const STEPS: Readonly<Record<string, number>> = {
  ArrowUp: -1,
  ArrowLeft: -1,
  ArrowDown: 1,
  ArrowRight: 1,
  PageUp: -5,
  PageDown: 5,
  Home: -1e9,
  End: 1e9,
};

/** What `?` lists, beside the tools. */
export const SHORTCUTS: readonly { readonly keys: string; readonly what: DrawingText }[] = [
  { keys: "↑ ↓ ← →", what: "keysImage" },
  { keys: "Page ↑ ↓", what: "keysFiveImages" },
  { keys: "Home End", what: "keysEnds" },
  { keys: "+ −", what: "zoom" },
  { keys: "1 – 8", what: "keysPresets" },
  { keys: "Space", what: "cine" },
  { keys: "]", what: "rotate" },
  { keys: "h", what: "flipHorizontal" },
  { keys: "v", what: "flipVertical" },
  { keys: "i", what: "invert" },
  { keys: "r", what: "reset" },
  { keys: "k", what: "keyImage" },
  { keys: "Enter", what: "keysDraw" },
  { keys: "(Shift) ↑ ↓ ← →", what: "keysDrawMove" },
  { keys: "n", what: "keysDrawNext" },
  { keys: "Esc", what: "keysCancel" },
  { keys: "Tab", what: "keysTab" },
  { keys: "?", what: "shortcuts" },
];

/** Does what a key says. @returns whether it said anything: Tab and all others are left to the page */
export function pressKey(event: KeyboardEvent, actions: KeyActions): boolean {
  const { stage } = actions;
  if (stage === undefined || event.ctrlKey || event.altKey || event.metaKey) return false;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const step = STEPS[key];
  const tool = TOOLS.find((one) => one.key === key)?.tool;
  if (step !== undefined) actions.show(stage.index + step);
  else if (tool !== undefined) actions.choose(tool);
  else if (/^[1-8]$/.test(key)) actions.preset(Number(key) - 1);
  else if (key === "r") stage.reset();
  else if (key === "i") stage.invert();
  else if (key === "h") stage.flip("horizontal");
  else if (key === "v") stage.flip("vertical");
  else if (key === "]") stage.rotate();
  else if (key === "+" || key === "-") stage.setZoom(stage.zoom * (key === "+" ? 1.2 : 1 / 1.2));
  else if (key === " ") actions.toggleCine();
  else if (key === "Escape") actions.cancel();
  else if (key === "k") actions.keyImage();
  else if (key === "?") actions.help();
  else return false;
  return true;
}
