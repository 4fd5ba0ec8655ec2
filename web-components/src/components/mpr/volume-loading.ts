import type { Volume } from "../../imaging/reslice.js";
import type { SeriesImage } from "../../imaging/series-images.js";
import { volumeGridOf } from "../../imaging/volume-grid.js";
import type { VoiRange } from "../../imaging/voi-window.js";
import { message, type Language } from "../../localization/messages.js";
import { mprMessage } from "../../localization/mpr-messages.js";
import type { TokenProvider } from "../../session/token-provider.js";

/** Who is told of a volume. */
export interface VolumeTarget {
  readonly language: Language;
  /** So many images have come. */
  arrived(images: number): void;
  loaded(volume: Volume): void;
  /** @param reason in words for the reader */
  failed(reason: string): void;
}

/** Makes volumes of series, one at a time: of one that was given up nothing is told. */
export class VolumeLoading {
  private loading: AbortController | undefined;

  constructor(private readonly target: VolumeTarget) {}

  async start(images: readonly SeriesImage[], tokenProvider: TokenProvider): Promise<void> {
    this.stop();
    const { target } = this;
    const grid = volumeGridOf(images);
    if (typeof grid === "string") {
      target.failed(mprMessage(target.language, grid));
      return;
    }
    const loading = new AbortController();
    this.loading = loading;
    try {
      const { loadVolume } = await import("../../imaging/load-volume.js");
      const volume = await loadVolume(images, grid, tokenProvider, loading.signal, (done) => {
        if (!loading.signal.aborted) target.arrived(done);
      });
      if (!loading.signal.aborted) target.loaded(volume);
    } catch (error) {
      loading.abort();
      if (this.loading !== loading) return;
      target.failed(error instanceof Error ? error.message : message(target.language, "imageFailed"));
    }
  }

  stop(): void {
    this.loading?.abort();
    this.loading = undefined;
  }
}

/** From the least value of a volume to the largest. */
export function rangeIn({ values }: Volume): VoiRange {
  let [lower, upper] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < lower) lower = value;
    if (value > upper) upper = value;
  }
  return { lower, upper };
}
