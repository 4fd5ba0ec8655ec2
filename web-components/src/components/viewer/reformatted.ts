import { html, type TemplateResult } from "lit";
import type { SeriesImage } from "../../imaging/series-images.js";
import { volumeGridOf, type NoVolume } from "../../imaging/volume-grid.js";
import type { Language } from "../../localization/messages.js";
import type { OverlayStyle } from "../../segmentation/draw-overlay.js";
import type { Segmentation } from "../../segmentation/read-segmentation.js";
import type { TokenProvider } from "../../session/token-provider.js";
import "../mpr/mpr.js";
import type { ViewerTools } from "./viewer-tools.js";
import { aiLabel } from "./viewport-view.js";
import type { Viewport } from "./viewport.js";

/** Why a series has no reformatted planes; undefined when it has, or is not known yet. */
export function noVolumeIn(images: readonly SeriesImage[] | undefined): NoVolume | undefined {
  const grid = images === undefined ? undefined : volumeGridOf(images);
  return typeof grid === "string" ? grid : undefined;
}

/** The reformatted planes of a viewport's series, in the place of its images, beginning with their window. */
export function reformattedPlanes(
  language: Language,
  viewport: Viewport,
  { hidden, opacity, outline = false }: OverlayStyle,
  tokenProvider: TokenProvider | undefined,
  tools: ViewerTools,
): TemplateResult {
  return html`<neuronova-mpr
    .images=${viewport.images}
    .series=${viewport.series ?? ""}
    .tools=${tools}
    .tool=${tools.tool}
    .drawn=${tools.annotations.all}
    .start=${viewport.stage?.window}
    .segmentation=${segmentationOf(viewport)}
    .look=${{ hidden, opacity, outline }}
    .segmentLabel=${aiLabel(viewport, language)}
    .language=${language}
    .tokenProvider=${tokenProvider}
  ></neuronova-mpr>`;
}

/** What a person is correcting changes without becoming another: as it is now. */
function segmentationOf({ drawable, isCorrected }: Viewport): Segmentation | undefined {
  if (drawable === undefined || !isCorrected) return drawable;
  const { sopInstanceUid, rows, columns, segments, frames } = drawable;
  return { sopInstanceUid, rows, columns, segments, frames };
}
