import { html, nothing, type TemplateResult } from "lit";

/** A secret that the server does not show again; nothing when there is none. @param words ask to copy it */
export function shownOnce(words: string, secret: string | undefined): TemplateResult | typeof nothing {
  return secret === undefined ? nothing : html`<p role="alert">${words} <code>${secret}</code></p>`;
}
