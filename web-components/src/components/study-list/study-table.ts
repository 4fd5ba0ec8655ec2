import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { message, type Language, type MessageKey } from "../../localization/messages.js";
import { dicomDate, personName } from "../../localization/person-name.js";
import { serverUrl } from "../../session/server.js";
import type { TokenProvider } from "../../session/token-provider.js";
import type { Study } from "../../studies/study.js";
import type { StudyOrder, StudyQuery } from "./study-query.js";
import { analysisText, fhirText, renditionText, type StateText } from "./study-state.js";

/** The columns; those that have an order can be sorted by. */
const COLUMNS: readonly { readonly heading: MessageKey; readonly order?: StudyOrder }[] = [
  { heading: "patient", order: "patient" },
  { heading: "sexBirth" },
  { heading: "modality" },
  { heading: "date", order: "date" },
  { heading: "description", order: "description" },
  { heading: "images" },
  { heading: "fastImages" },
  { heading: "ai" },
  { heading: "fhir" },
];

export interface StudyTableState {
  readonly language: Language;
  readonly studies: readonly Study[];
  readonly query: StudyQuery;
  /** Whether OHIF opens from here: it goes on with the login of its own origin. */
  readonly ohif: boolean;
  readonly tokenProvider: TokenProvider | undefined;
  readonly onOrder: (order: StudyOrder) => void;
  readonly onOpen: (studyInstanceUid: string) => void;
}

/** The studies of a page. Arrow keys, Home and End go from one to the other, Enter opens it. */
export function studyTable(state: StudyTableState): TemplateResult {
  const { language, studies, query } = state;
  return html`
    <div class="frame">
      <table part="table" lang=${language}>
        <thead>
          <tr>
            <th scope="col"><span class="hidden">${message(language, "picture")}</span></th>
            ${COLUMNS.map(({ heading, order }) => {
              const text = message(language, heading);
              if (order === undefined) return html`<th scope="col">${text}</th>`;
              const direction = query.sort === order ? query.direction : undefined;
              return html`<th
                scope="col"
                aria-sort=${direction === undefined ? "none" : `${direction}ending`}
              >
                <button type="button" class="order" @click=${() => state.onOrder(order)}>
                  ${text}
                  <span aria-hidden="true"
                    >${direction === undefined ? "" : direction === "asc" ? "▲" : "▼"}</span
                  >
                </button>
              </th>`;
            })}
          </tr>
        </thead>
        <tbody @keydown=${moveFocus}>
          ${repeat(
            studies,
            ({ studyInstanceUid }) => studyInstanceUid,
            (study) => row(study, state),
          )}
        </tbody>
      </table>
    </div>
  `;
}

function row(study: Study, { language, ohif, tokenProvider, onOpen }: StudyTableState): TemplateResult {
  const none = message(language, "none");
  const name = personName(study.patientName, language) || none;
  return html`
    <tr data-study=${study.studyInstanceUid} @click=${() => onOpen(study.studyInstanceUid)}>
      <td class="picture">
        <neuronova-thumbnail
          .of="studies/${study.studyInstanceUid}"
          .images=${study.instanceCount}
          .tokenProvider=${tokenProvider}
        ></neuronova-thumbnail>
      </td>
      <td>
        <button class="open" type="button">${name}</button>
        <div class="sub">${study.patientId}</div>
        ${
          ohif
            ? html`<a
                class="sub"
                href=${serverUrl(`/ohif/viewer?StudyInstanceUIDs=${study.studyInstanceUid}`)}
                aria-label="OHIF: ${name}"
                @click=${(event: Event) => event.stopPropagation()}
                >OHIF</a
              >`
            : nothing
        }
      </td>
      <td>${study.patientSex || none} · ${dicomDate(study.patientBirthDate, language) || none}</td>
      <td>${study.modalities.join(", ")}</td>
      <td>${dicomDate(study.studyDate, language) || none}</td>
      <td class="wide">
        ${study.studyDescription || none}
        <div class="sub">${study.accessionNumber}</div>
      </td>
      <td>${study.seriesCount} · ${study.instanceCount}</td>
      ${stateCell(renditionText(study, language))} ${stateCell(analysisText(study, language))}
      ${stateCell(fhirText(study, language))}
    </tr>
  `;
}

function stateCell({ text, tone, detail }: StateText): TemplateResult {
  return html`<td>
    <span class=${tone}>${text}</span>
    ${detail === undefined ? nothing : html`<div class="sub">${detail}</div>`}
  </td>`;
}

const STEPS: Readonly<Record<string, (at: number, last: number) => number>> = {
  ArrowDown: (at, last) => Math.min(last, at + 1),
  ArrowUp: (at) => Math.max(0, at - 1),
  Home: () => 0,
  End: (_, last) => last,
};

function moveFocus(event: KeyboardEvent): void {
  const buttons = [
    ...(event.currentTarget as HTMLElement).querySelectorAll<HTMLButtonElement>("button.open"),
  ];
  const at = buttons.findIndex((button) => button === event.target);
  const step = STEPS[event.key];
  if (at < 0 || step === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
  event.preventDefault();
  buttons[step(at, buttons.length - 1)]?.focus();
}
