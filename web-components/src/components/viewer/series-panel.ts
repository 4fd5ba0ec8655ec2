import { html, nothing, type TemplateResult } from "lit";
import { message, type Language } from "../../localization/messages.js";
import type { StudyDetails } from "../../studies/study.js";
import { hasImages } from "./study-source.js";

/** The series of the study; those without images cannot be chosen, and what could not be rendered says why. */
export function seriesPanel(
  language: Language,
  series: StudyDetails["series"],
  chosen: string | undefined,
  onChoose: (seriesInstanceUid: string) => void,
): TemplateResult {
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
          aria-pressed=${one.seriesInstanceUid === chosen}
          @click=${() => onChoose(one.seriesInstanceUid)}
        >
          ${one.modality} ${one.seriesNumber ?? ""} · ${one.instanceCount}
          <div class="sub">${one.seriesDescription}</div>
          ${reason === undefined ? nothing : html`<div class="sub warn">${message(language, "original")}: ${reason}</div>`}
        </button>
      `;
    })}
  `;
}
