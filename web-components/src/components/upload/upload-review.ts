import { html, nothing, type TemplateResult } from "lit";
import { type Language } from "../../localization/messages.js";
import { uploadMessage } from "../../localization/upload-messages.js";
import { dicomDate, personName } from "../../localization/person-name.js";
import { isOfPatient, type ChosenStudy, type LeftOutFile, type Selection } from "../../upload/selection.js";
import { reasonText, sizeText } from "./upload-text.js";

/** Rows at most of a list that may be of thousands. */
const SHOWN = 200;

export interface Review {
  readonly selection: Selection;
  /** Keys of the studies that are to be sent. */
  readonly chosen: ReadonlySet<string>;
  /** Patient ID of the page, if it is about one. */
  readonly patient: string | undefined;
  readonly language: Language;
  readonly choose: (key: string, chosen: boolean) => void;
}

/** Whose the files are, before anything is sent. */
export function renderReview({ selection, chosen, patient, language, choose }: Review): TemplateResult {
  const { studies, patients } = selection;
  return html`
    ${
      patients > 1
        ? html`<p class="warn" role="alert">
            ${uploadMessage(language, "uploadPatients", { count: patients })}
          </p>`
        : nothing
    }
    <ul part="studies">
      ${[...studies].map(([key, study]) => renderStudy(key, study, chosen.has(key)))}
    </ul>
  `;

  function renderStudy(key: string, study: ChosenStudy, isChosen: boolean): TemplateResult {
    const { header, instances, bytes } = study;
    const isOther = !isOfPatient(header, patient);
    const unreadable = uploadMessage(language, "uploadUnknown");
    const name = header.patientName === undefined ? unreadable : personName(header.patientName, language);
    return html`
      <li data-study=${header.studyInstanceUid} class=${isOther ? "other" : ""}>
        <label>
          <input
            type="checkbox"
            .checked=${isChosen}
            @change=${(event: Event) => choose(key, (event.target as HTMLInputElement).checked)}
          />
          <span>
            <strong>${name === "" ? uploadMessage(language, "none") : name}</strong>
            <span class="sub">
              ${header.patientId === undefined ? unreadable : header.patientId || uploadMessage(language, "uploadNoId")}
            </span>
          </span>
        </label>
        <div class="sub">
          ${[
            header.modality,
            header.studyDate === "" ? "" : dicomDate(header.studyDate, language),
            header.studyDescription,
            uploadMessage(language, "uploadImages", { count: instances.length }),
            sizeText(bytes, language),
          ]
            .filter((part) => part !== "")
            .join(" · ")}
        </div>
        ${
          isOther
            ? html`<p class="bad" role="alert">
                ${uploadMessage(language, "uploadOtherPatient", { patient: patient ?? "" })}
              </p>`
            : nothing
        }
      </li>
    `;
  }
}

/** Files that are not sent, by reason. */
export function renderLeftOut(
  leftOut: readonly LeftOutFile[],
  language: Language,
): TemplateResult | typeof nothing {
  if (leftOut.length === 0) return nothing;
  return html`
    <details class="left-out" ?open=${leftOut.length <= 5}>
      <summary>${uploadMessage(language, "uploadLeftOut", { count: leftOut.length })}</summary>
      <ul>
        ${leftOut
          .slice(0, SHOWN)
          .map(
            ({ path, reason }) =>
              html`<li>
                <span class="path">${path}</span> <span class="sub">${reasonText(reason, language)}</span>
              </li>`,
          )}
        ${
          leftOut.length > SHOWN
            ? html`<li class="sub">
                ${uploadMessage(language, "uploadMore", { count: leftOut.length - SHOWN })}
              </li>`
            : nothing
        }
      </ul>
    </details>
  `;
}
