import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { type Language } from "../../localization/messages.js";
import { uploadMessage } from "../../localization/upload-messages.js";
import {
  countStates,
  type UploadItem,
  type UploadQueue,
  type UploadState,
} from "../../upload/upload-queue.js";
import { reasonText, sizeText, stateText, troubleText } from "./upload-text.js";

/** Files shown at most: those that failed, that are on their way, that wait, and then those that are done. */
const SHOWN = 100;
const ORDER: readonly UploadState[] = ["failed", "sending", "waiting", "canceled", "stored", "there"];

export function renderProgress(
  { items, trouble }: UploadQueue,
  isOver: boolean,
  language: Language,
): TemplateResult {
  const counts = countStates(items);
  const bytes = items.reduce((sum, { file }) => sum + file.size, 0);
  const sent = items.reduce(
    (sum, { state, sent, file }) => sum + (state === "there" || state === "stored" ? file.size : sent),
    0,
  );
  const kept = counts.stored + counts.there;
  const told = uploadMessage(language, "uploadDone", { done: kept, all: items.length });
  return html`
    <div class="whole">
      <progress
        max=${Math.max(1, bytes)}
        .value=${sent}
        aria-label=${uploadMessage(language, "upload")}
      ></progress>
      <p role="status">
        ${told}${counts.there > 0 ? ` · ${uploadMessage(language, "uploadThereCount", { count: counts.there })}` : ""}${
          counts.failed > 0
            ? ` · ${uploadMessage(language, "uploadFailedCount", { count: counts.failed })}`
            : ""
        }
      </p>
      <p class="sub">${sizeText(sent, language)} / ${sizeText(bytes, language)}</p>
    </div>
    ${
      trouble === undefined || isOver
        ? nothing
        : html`<p class="warn" role="alert">${troubleText(trouble, language)}</p>`
    }
    <ul part="files">
      ${repeat(
        shown(items),
        ({ header }) => header.sopInstanceUid,
        (item) => renderItem(item, language),
      )}
      ${
        items.length > SHOWN
          ? html`<li class="sub">
              ${uploadMessage(language, "uploadMore", { count: items.length - SHOWN })}
            </li>`
          : nothing
      }
    </ul>
  `;
}

function shown(items: readonly UploadItem[]): readonly UploadItem[] {
  if (items.length <= SHOWN) return items;
  return ORDER.flatMap((wanted) => items.filter(({ state }) => state === wanted)).slice(0, SHOWN);
}

function renderItem(item: UploadItem, language: Language): TemplateResult {
  const { file, state, sent, fault, detail } = item;
  return html`
    <li data-state=${state}>
      <span class="path">${file.path}</span>
      <span class="state">${stateText(item, language)}</span>
      ${
        state === "sending"
          ? html`<progress max=${Math.max(1, file.size)} .value=${sent} aria-label=${file.path}></progress>`
          : nothing
      }
      ${
        fault === undefined
          ? nothing
          : html`<span class="bad"
              >${reasonText(fault, language)}${detail === undefined ? "" : ` ${detail}`}</span
            >`
      }
    </li>
  `;
}
