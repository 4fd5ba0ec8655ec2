import { html, type TemplateResult } from "lit";
import type { SeriesImage } from "../../imaging/series-images.js";
import type { Stage } from "../../imaging/stage.js";
import { volumeGridOf, type NoVolume } from "../../imaging/volume-grid.js";
import type { Language } from "../../localization/messages.js";
import type { TokenProvider } from "../../session/token-provider.js";
import "../mpr/mpr.js";

/** Why a series has no reformatted planes; undefined when it has, or is not known yet. */
export function noVolumeIn(images: readonly SeriesImage[] | undefined): NoVolume | undefined {
  const grid = images === undefined ? undefined : volumeGridOf(images);
  return typeof grid === "string" ? grid : undefined;
}

/** The reformatted planes of the series in use, in the place of its images, beginning with their window. */
export function reformattedPlanes(
  language: Language,
  images: readonly SeriesImage[] | undefined,
  stage: Stage | undefined,
  tokenProvider: TokenProvider | undefined,
): TemplateResult {
  return html`<neuronova-mpr
    .images=${images}
    .start=${stage?.window}
    .language=${language}
    .tokenProvider=${tokenProvider}
  ></neuronova-mpr>`;
}
