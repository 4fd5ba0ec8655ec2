import { FRAME_RATES, frameRateOf } from "../../imaging/frame-rate.js";
import type { Stage } from "../../imaging/stage.js";
import { rangeOf } from "../../imaging/voi-window.js";
import { presetsFor, type WindowPreset } from "../../imaging/window-presets.js";
import type { Language } from "../../localization/messages.js";
import { Cine } from "./cine.js";
import { pictureOf } from "./export-picture.js";
import { pressKey, type KeyActions } from "./keys.js";
import { printPictures } from "./print-pictures.js";
import type { Tool } from "./tool.js";
import type { ViewerTools } from "./viewer-tools.js";
import type { ViewportGrid } from "./viewport-grid.js";

/** What buttons and keys do to the viewport in use. */
export class ViewerActions {
  readonly cine: Cine;
  /** While reformatted planes are in the place of the images, which nothing is done to then. */
  resting = false;
  private rate: number | undefined;

  constructor(
    private readonly grid: ViewportGrid,
    private readonly tools: ViewerTools,
    private readonly changed: () => void,
  ) {
    this.cine = new Cine(() => this.next(), changed);
  }

  /** Of the viewport in use, while an image is on screen. */
  get stage(): Stage | undefined {
    return this.resting ? undefined : this.grid.active.visible && this.grid.active.stage;
  }

  get tool(): Tool {
    return this.tools.tool;
  }

  /** Whether the other viewports follow when one is scrolled. */
  get linked(): boolean {
    return this.grid.linked;
  }

  set linked(linked: boolean) {
    this.grid.linked = linked;
    this.changed();
  }

  get canPlay(): boolean {
    return !this.resting && (this.grid.active.images?.length ?? 0) > 1;
  }

  get presets(): readonly WindowPreset[] {
    return this.resting ? [] : presetsFor(this.grid.active.visible?.image.valueUnit);
  }

  /** What the reader chose, else what the image says. */
  get framesPerSecond(): number {
    const { shown } = this.grid.active;
    return this.rate ?? (shown === undefined ? FRAME_RATES.least : frameRateOf(shown.image.metadata));
  }

  set framesPerSecond(wanted: number) {
    if (Number.isFinite(wanted))
      this.rate = Math.min(FRAME_RATES.most, Math.max(FRAME_RATES.least, Math.round(wanted)));
    if (this.cine.playing) this.cine.play(this.framesPerSecond);
    this.changed();
  }

  applyPreset(index: number): void {
    const preset = this.presets[index];
    if (preset === undefined) return;
    const { lower, upper } = rangeOf(preset);
    this.grid.active.stage?.setWindow(lower, upper);
  }

  toggleCine(): void {
    if (this.cine.playing) this.cine.stop();
    else if (this.canPlay) this.cine.play(this.framesPerSecond);
  }

  chooseTool(tool: Tool): void {
    this.cancelDrawing();
    this.tools.choose(tool);
  }

  /** @returns whether the key was for the viewer; all others are left to the page */
  press(event: KeyboardEvent, dialogs: Pick<KeyActions, "help" | "keyImage">): boolean {
    const { active } = this.grid;
    if (this.drawByKeys(event)) return true;
    return pressKey(event, {
      stage: active.stage,
      show: (index) => void this.grid.scrollTo(active, index),
      choose: (tool) => this.chooseTool(tool),
      preset: (index) => this.applyPreset(index),
      toggleCine: () => this.toggleCine(),
      cancel: () => this.cancelDrawing(),
      ...dialogs,
    });
  }

  /** Hands the reader a PNG of the viewport in use. Its name says nothing of the patient. */
  async export(language: Language): Promise<void> {
    const { active } = this.grid;
    const index = active.visible?.index ?? 0;
    const picture = pictureOf(active, this.tools.drawnOn(active), language);
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await picture.convertToBlob({ type: "image/png" }));
    link.download = `image-${index + 1}.png`;
    link.click();
    URL.revokeObjectURL(link.href);
  }

  /** Prints the images on screen, each on a page. */
  print(language: Language): void {
    const shown = this.grid.places.filter(({ viewport }) => viewport.visible !== undefined);
    printPictures(shown.map(({ viewport }) => pictureOf(viewport, this.tools.drawnOn(viewport), language)));
  }

  private drawByKeys(event: KeyboardEvent): boolean {
    const { active, places } = this.grid;
    const input = places.find(({ viewport }) => viewport === active)?.input;
    const { clientWidth, clientHeight } = event.currentTarget as HTMLElement;
    return input?.keyboard.press(event, () => [clientWidth / 2, clientHeight / 2]) === true;
  }

  private cancelDrawing(): void {
    for (const { input } of this.grid.places) input.cancel();
  }

  private async next(): Promise<void> {
    const { active } = this.grid;
    const count = active.images?.length ?? 0;
    if (count > 0) await this.grid.scrollTo(active, ((active.shown?.index ?? -1) + 1) % count);
  }
}
