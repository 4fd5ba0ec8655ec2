import { html, nothing, type TemplateResult } from "lit";
import { message, type Language } from "../localization/messages.js";
import { HttpProblem } from "../session/http.js";

/** Why something could not be had, for the reader. */
export function explained(error: unknown, language: Language): string {
  return error instanceof HttpProblem ? error.message : message(language, "unreachable");
}

/** Whether a study is out of reach, which is answered as if it did not exist. */
export function isOutOfReach(error: unknown): boolean {
  return error instanceof HttpProblem && (error.status === 403 || error.code === "study-not-found");
}

/** The same of a study, of which one who may not see it is told just that. */
export function explainedOfStudy(error: unknown, language: Language): string {
  return isOutOfReach(error) ? message(language, "studyDenied") : explained(error, language);
}

/** Says that there is nothing, or nothing newer, and why; nothing without a failure. */
export function failureNotice(
  what: string,
  failure: string | undefined,
  language: Language,
  retry: () => void,
): TemplateResult | typeof nothing {
  if (failure === undefined) return nothing;
  return html`<div role="alert" class="bad">
    <p>${what}: ${failure}</p>
    <button type="button" class="again" @click=${retry}>${message(language, "retry")}</button>
  </div>`;
}

/** What stands there before anything has come: that it is on its way, or that the page gives no access. */
export function awaited(hasAccess: boolean, language: Language): TemplateResult {
  return html`<p role="status">${message(language, hasAccess ? "loading" : "noToken")}</p>`;
}
