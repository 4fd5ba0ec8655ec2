import { html, type TemplateResult } from "lit";
import { adminMessage, type AdminMessageKey } from "../../localization/admin-messages.js";
import type { Language } from "../../localization/messages.js";

/** Hours for which a former secret stays good beside the new one; the server takes 0 to 168, and 24 is usual. */
const OVERLAPS: readonly (readonly [hours: number, words: AdminMessageKey])[] = [
  [24, "overlapDay"],
  [1, "overlapHour"],
  [168, "overlapWeek"],
  [0, "overlapNone"],
];

/** Asks what becomes of the former secret: it may be known to others, or needed until the other system has the new one. */
export function overlapChoice(language: Language): TemplateResult {
  return html`<select name="overlap" aria-label=${adminMessage(language, "formerSecret")}>
    ${OVERLAPS.map(([hours, words]) => html`<option value=${hours}>${adminMessage(language, words)}</option>`)}
  </select>`;
}

/** The hours that are chosen beside the button that was pressed. */
export function chosenOverlap({ currentTarget }: Event): number {
  const choice = (currentTarget as Element).parentElement?.querySelector<HTMLSelectElement>(
    "select[name=overlap]",
  );
  if (!choice) throw new Error("there is no choice of overlap beside the button");
  return Number(choice.value);
}
