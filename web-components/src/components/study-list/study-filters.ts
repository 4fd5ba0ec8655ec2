import { html, nothing, type TemplateResult } from "lit";
import { message, type Language } from "../../localization/messages.js";
import { isNarrowed, type StudyQuery } from "./study-query.js";

/** Modalities to choose from (PS3.3 C.7.3.1.1.1): those of images, and what comes with them. */
const MODALITIES = ["CR", "CT", "DX", "MG", "MR", "NM", "OT", "PT", "RF", "US", "XA", "SEG", "SR"] as const;

export interface StudyFiltersState {
  readonly language: Language;
  readonly query: StudyQuery;
  /** How many studies there are of it; undefined while that is not known. */
  readonly total: number | undefined;
  readonly onChange: (changes: Partial<StudyQuery>) => void;
}

/** What narrows the list: words, modality and days. */
export function studyFilters({ language, query, total, onChange }: StudyFiltersState): TemplateResult {
  const text = (key: Parameters<typeof message>[1]) => message(language, key);
  const valueOf = (event: Event) => (event.target as HTMLInputElement | HTMLSelectElement).value;
  const day = (name: "from" | "to") => html`
    <label>
      ${text(name === "from" ? "fromDay" : "toDay")}
      <input
        type="date"
        name=${name}
        .value=${query[name]}
        @change=${(event: Event) => onChange({ [name]: valueOf(event) })}
      />
    </label>
  `;
  return html`
    <div class="tools" role="search">
      <input
        type="search"
        aria-label=${text("search")}
        placeholder=${text("searchHint")}
        .value=${query.text}
        @input=${(event: Event) => onChange({ text: valueOf(event) })}
      />
      <label>
        ${text("modality")}
        <select
          name="modality"
          .value=${query.modality}
          @change=${(event: Event) => onChange({ modality: valueOf(event) })}
        >
          <option value="">${text("allModalities")}</option>
          ${MODALITIES.map((modality) => html`<option value=${modality}>${modality}</option>`)}
        </select>
      </label>
      ${day("from")} ${day("to")}
      ${
        isNarrowed(query)
          ? html`<button
              type="button"
              class="clear"
              @click=${() => onChange({ text: "", modality: "", from: "", to: "" })}
            >
              ${text("clearFilters")}
            </button>`
          : nothing
      }
      <span class="count" role="status">
        ${total === undefined ? "" : message(language, "studyCount", { count: total.toLocaleString(language) })}
      </span>
    </div>
  `;
}
