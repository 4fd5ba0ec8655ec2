import { linkedIndex } from "../../imaging/linked-scroll.js";
import type { TokenProvider } from "../../session/token-provider.js";
import type { StudyDetails } from "../../studies/study.js";
import { StageInput, type StageInputTarget } from "./stage-input.js";
import { hasImages } from "./study-source.js";
import type { ViewerTools } from "./viewer-tools.js";
import { Viewport, type ViewportHost } from "./viewport.js";

export interface Place {
  readonly viewport: Viewport;
  readonly input: StageInput;
}

/** The viewports of a layout: which one is in use, what each shows, and how they follow each other. */
export class ViewportGrid {
  places: readonly [Place, ...Place[]];
  /** The viewport that keys, tools and the list of series act on. */
  active: Viewport;
  /** Whether the other viewports follow when one is scrolled. */
  linked = true;

  constructor(
    private readonly host: ViewportHost,
    private readonly tools: ViewerTools,
  ) {
    const first = this.newPlace();
    this.places = [first];
    this.active = first.viewport;
  }

  /** Whether no viewport has a series. */
  get isEmpty(): boolean {
    return this.places.every(({ viewport }) => viewport.series === undefined);
  }

  /** As many viewports as the layout has; the one in use stays. */
  arrange(wanted: number): void {
    const others = this.places.filter(({ viewport }) => viewport !== this.active);
    for (const { viewport } of others.splice(Math.max(0, wanted - 1))) viewport.close();
    const [first, ...rest] = this.places.filter(
      (place) => place.viewport === this.active || others.includes(place),
    );
    while (rest.length < wanted - 1) rest.push(this.newPlace());
    if (first !== undefined) this.places = [first, ...rest];
  }

  /** Shows the study as it is now. Viewports without a series take those that none shows yet. */
  async refresh(details: StudyDetails, token: TokenProvider): Promise<void> {
    const unseen = details.series
      .filter(hasImages)
      .map(({ seriesInstanceUid }) => seriesInstanceUid)
      .filter((uid) => this.places.every(({ viewport }) => viewport.series !== uid));
    for (const { viewport } of this.places) viewport.series ??= unseen.shift();
    await Promise.all(this.places.map(({ viewport }) => viewport.refresh(details, token)));
  }

  /** Shows an image in a viewport, and in linked ones what belongs to it. */
  async scrollTo(viewport: Viewport, index: number): Promise<void> {
    const images = viewport.images ?? [];
    // What is asked for before the images are known is held to their number by the stage.
    const target = Math.max(0, images.length === 0 ? index : Math.min(images.length - 1, index));
    const shown = viewport.show(target);
    for (const { viewport: other } of this.linked ? this.places : []) {
      if (other === viewport || other.images === undefined) continue;
      const place = linkedIndex(images, target, other.images);
      if (place !== undefined) void other.show(place);
    }
    await shown;
  }

  /** Another image is on screen: what was being drawn on the one before is given up. */
  imageChanged(viewport: Viewport): void {
    this.places.find((place) => place.viewport === viewport)?.input.cancel();
  }

  /** Forgets the study: no image of it is kept. */
  close(): void {
    for (const { viewport } of this.places) viewport.close();
  }

  private newPlace(): Place {
    const viewport = new Viewport(this.host);
    const { host, tools } = this;
    const target: StageInputTarget = {
      get stage() {
        return viewport.stage;
      },
      get image() {
        return viewport.visible?.image;
      },
      get tool() {
        return tools.tool;
      },
      changed: () => host.requestUpdate(),
      show: (index) => void this.scrollTo(viewport, index),
    };
    const input = new StageInput(target, tools.annotations);
    return { viewport, input };
  }
}
