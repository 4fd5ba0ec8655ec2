import { html, nothing, type TemplateResult } from "lit";
import { message, type Language } from "../../localization/messages.js";
import type { TokenProvider } from "../../session/token-provider.js";
import type { StudyDetails } from "../../studies/study.js";
import "../thumbnail/thumbnail.js";
import { hasImages } from "./study-source.js";
import { DRAGGED_SERIES } from "./viewport-view.js";

/** The series of the study; those with images are chosen or dragged into a viewport, and what could not be rendered says why. */
export function seriesPanel(
  language: Language,
  study: StudyDetails | undefined,
  chosen: string | undefined,
  tokenProvider: TokenProvider | undefined,
  onChoose: (seriesInstanceUid: string) => void,
): TemplateResult {
  const series = study?.series ?? [];
  return html`
    <h2>${message(language, "series")}</h2>
    ${series.map((one) => {
      const images = hasImages(one);
      const reason = one.failed[0]?.reason ?? (images ? one.notRenderable[0]?.reason : undefined);
      return html`
        <button
          class="series"
          type="button"
          ?disabled=${!images}
          draggable=${images}
          aria-pressed=${one.seriesInstanceUid === chosen}
          @dragstart=${(event: DragEvent) => event.dataTransfer?.setData(DRAGGED_SERIES, one.seriesInstanceUid)}
          @click=${() => onChoose(one.seriesInstanceUid)}
        >
          ${
            images
              ? html`<neuronova-thumbnail
                  .of="studies/${study?.studyInstanceUid ?? ""}/series/${one.seriesInstanceUid}"
                  .images=${one.instanceCount}
                  .tokenProvider=${tokenProvider}
                ></neuronova-thumbnail>`
              : nothing
          }
          ${one.modality} ${one.seriesNumber ?? ""} · ${one.instanceCount}
          <div class="sub">${one.seriesDescription}</div>
          ${reason === undefined ? nothing : html`<div class="sub warn">${message(language, "original")}: ${reason}</div>`}
        </button>
      `;
    })}
  `;
}
