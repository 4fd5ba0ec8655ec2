import { html, nothing, type TemplateResult } from "lit";
import type { ModelDay } from "../../administration/models.js";
import type { AdminMessageKey } from "../../localization/admin-messages.js";
import type { Language } from "../../localization/messages.js";

type Text = (key: AdminMessageKey, values?: Record<string, string | number>) => string;

const COLUMNS = [
  "dayUtc",
  "daySucceeded",
  "dayFailed",
  "dayCanceled",
  "dayNotApplicable",
  "dayModelTime",
  "dayWaitTime",
  "dayAccepted",
  "dayEdited",
  "dayRejected",
] as const satisfies readonly AdminMessageKey[];

/**
 * What one version of a model did, newest day first, and how old the newest figures are.
 * @param days of this version only
 */
export function renderModelDays(
  days: readonly ModelDay[],
  label: string,
  language: Language,
  text: Text,
): TemplateResult {
  const [newest] = days;
  if (newest === undefined) return html`<p>${text("daysNone")}</p>`;
  const counted = new Date(newest.countedAt).toLocaleString(language);
  return html`
    <div class="scroll" role="region" tabindex="0" aria-label=${label}>
      <table class="days">
        <thead>
          <tr>
            ${COLUMNS.map((column) => html`<th scope="col">${text(column)}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${days.map((day) => renderDay(day, language, text))}
        </tbody>
      </table>
    </div>
    <p class="sub">${text("daysCounted", { time: counted })}</p>
  `;
}

function renderDay(day: ModelDay, language: Language, text: Text): TemplateResult {
  const date = new Date(day.day).toLocaleDateString(language, { timeZone: "UTC", dateStyle: "medium" });
  const failures = Object.entries(day.failures);
  return html`
    <tr data-day=${day.day}>
      <th scope="row">${date}</th>
      <td>${day.succeeded}</td>
      <td>${day.failed} ${failures.map(([code, count]) => html`<p class="sub">${code}: ${count}</p>`)}</td>
      <td>${day.canceled}</td>
      <td>${day.notApplicable}</td>
      <td>${timesText(day.modelMilliseconds, language, text)}</td>
      <td>${timesText(day.waitMilliseconds, language, text)}</td>
      <td>${day.accepted}</td>
      <td>${day.edited}</td>
      <td>${day.rejected}</td>
    </tr>
  `;
}

/** Median and 95th percentile; nothing where none is known. */
function timesText(times: ModelDay["modelMilliseconds"], language: Language, text: Text) {
  if (times === null) return nothing;
  return text("dayTimes", { median: inWords(times.median, language), p95: inWords(times.p95, language) });
}

function inWords(milliseconds: number, language: Language): string {
  const isShort = milliseconds < 1_000;
  const format = new Intl.NumberFormat(language, {
    style: "unit",
    unit: isShort ? "millisecond" : "second",
    unitDisplay: "short",
    maximumFractionDigits: isShort ? 0 : 1,
  });
  return format.format(isShort ? milliseconds : milliseconds / 1_000);
}
