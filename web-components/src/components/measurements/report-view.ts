import { html, nothing, type TemplateResult } from "lit";
import { message, type Language, type MessageKey } from "../../localization/messages.js";
import { dicomDate, personName } from "../../localization/person-name.js";
import type { InstanceReference } from "../../structured-report/content-item.js";
import type {
  Measurement,
  MeasurementGroup,
  NamedValue,
  Observer,
} from "../../structured-report/measurements.js";
import type { Report } from "../../structured-report/report.js";
import type { Series } from "../../studies/study.js";

/** As many places as a group of a volumetric measurement may name are no list to choose from. */
const MOST_PLACES = 6;

export interface ReportViewState {
  readonly language: Language;
  readonly series: Series;
  /** How far the result that it is of has been reviewed; undefined of reports of others. */
  readonly review: string | undefined;
  readonly onOpen: (reference: InstanceReference) => void;
}

const PROBLEMS: Readonly<Record<NonNullable<Report["problem"]>, MessageKey>> = {
  "not-a-report": "reportNotOne",
  "too-deep": "reportTooDeep",
  "too-large": "reportTooLarge",
};

/** A report with everything that was measured in it, in its own words. */
export function reportView(report: Report, state: ReportViewState): TemplateResult {
  const { language, series, review } = state;
  const text = (key: MessageKey, values?: Record<string, string | number>) => message(language, key, values);
  const count = report.groups.reduce((sum, { measurements }) => sum + measurements.length, 0);
  const title = report.title === "" ? series.seriesDescription : report.title;
  return html`
    <details class="card" part="report" data-report=${report.sopInstanceUid} open>
      <summary>
        ${title === "" ? "SR" : title}
        ${report.problem === undefined ? html`<span class="sub">${text("measuredCount", { count })}</span>` : nothing}
      </summary>
      <p class="sub">
        ${[
          dateTime(report, language),
          report.title === "" ? "" : series.seriesDescription,
          report.manufacturer,
          verification(report, language),
        ]
          .filter((part) => part !== "")
          .join(" · ")}
      </p>
      ${review === undefined ? nothing : html`<p class="sub review">${review}</p>`}
      ${report.problem === undefined ? nothing : html`<p class="bad" role="alert">${text(PROBLEMS[report.problem])}</p>`}
      ${report.problem === undefined && report.groups.length === 0 ? html`<p class="sub">${text("measuredNothing")}</p>` : nothing}
      ${report.groups.map((group) => groupView(group, state))}
    </details>
  `;
}

function groupView(group: MeasurementGroup, state: ReportViewState): TemplateResult {
  const { language } = state;
  const { title, finding, site, observer, measurements, evaluations, comments, references } = group;
  const about = [
    finding === undefined ? "" : `${message(language, "finding")}: ${finding}`,
    site === undefined ? "" : `${message(language, "findingSite")}: ${site}`,
    observerText(observer, language),
  ].filter((part) => part !== "");
  return html`
    <section part="group" aria-label=${title}>
      <h3>${title}</h3>
      <p class="sub">${about.join(" · ")}</p>
      <table>
        <tbody>
          ${measurements.map((measurement) => measurementRow(measurement, state))}
          ${evaluations.map(evaluationRow)}
        </tbody>
      </table>
      ${comments.map((comment) => html`<p class="sub">${comment}</p>`)} ${places(references, state)}
    </section>
  `;
}

function measurementRow(measurement: Measurement, state: ReportViewState): TemplateResult {
  const { name, value, unit, qualifier, modifiers, references } = measurement;
  return html`<tr>
    <th scope="row">
      ${name === "" ? message(state.language, "measurementUnnamed") : name}
      ${modifiers.map(({ name: modifier, value: text }) => html`<div class="sub">${modifier}: ${text}</div>`)}
      ${places(references, state)}
    </th>
    <td>
      ${value === undefined ? message(state.language, "measurementNoValue") : html`<span class="value"><b>${value}</b> ${unitText(unit)}</span>`}
      ${qualifier === undefined ? nothing : html`<div class="sub">${qualifier}</div>`}
    </td>
  </tr>`;
}

function evaluationRow({ name, value }: NamedValue): TemplateResult {
  return html`<tr>
    <th scope="row">${name}</th>
    <td>${value}</td>
  </tr>`;
}

/** The code of UCUM is the unit; "1" and annotations in braces only say that there is none, or what it counts. */
function unitText(unit: Measurement["unit"]): string {
  if (unit === undefined) return "";
  const isAnnotation = unit.scheme !== "UCUM" || unit.value === "1" || unit.value.startsWith("{");
  return isAnnotation ? unit.meaning : unit.value;
}

/** Ways to the images that it was measured on. */
function places(
  references: readonly InstanceReference[],
  state: ReportViewState,
): TemplateResult | typeof nothing {
  const different = [...new Map(references.map((one) => [JSON.stringify(one), one])).values()];
  if (different.length === 0) return nothing;
  const label = message(state.language, "showImage");
  return html`<div>
    ${different.slice(0, MOST_PLACES).map((reference, index) => {
      const number = different.length === 1 ? "" : ` ${index + 1}`;
      return html`<button type="button" class="place" @click=${() => state.onOpen(reference)}>
        ${label}${number}
      </button>`;
    })}
    ${different.length > MOST_PLACES ? html`<span class="sub">+ ${different.length - MOST_PLACES}</span>` : nothing}
  </div>`;
}

function observerText(observer: Observer | undefined, language: Language): string {
  if (observer === undefined) return message(language, "observerUnknown");
  const { kind, name = "" } = observer;
  if (kind === "device") return `${message(language, "observerDevice")}: ${name}`;
  const person = kind === "person" ? personName(name, language) : name;
  return `${message(language, kind === "person" ? "observerPerson" : "observer")}: ${person}`;
}

function verification({ verification: flag, verifiedBy }: Report, language: Language): string {
  if (flag === undefined) return "";
  return [flag, ...verifiedBy.map((name) => personName(name, language))].join(", ");
}

function dateTime({ date, time }: Report, language: Language): string {
  const clock = /^(\d{2})(\d{2})/.exec(time);
  return [date === "" ? "" : dicomDate(date, language), clock === null ? "" : `${clock[1]}:${clock[2]}`]
    .filter((part) => part !== "")
    .join(" ");
}
