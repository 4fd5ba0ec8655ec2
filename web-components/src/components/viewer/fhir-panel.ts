import { html, type TemplateResult } from "lit";
import { message, type Language } from "../../localization/messages.js";
import type { StudyDetails } from "../../studies/study.js";

/** The FHIR resources that came of a study; each can be opened to be read. */
export function fhirPanel(
  language: Language,
  study: StudyDetails,
  resources: readonly Readonly<Record<string, unknown>>[],
  onOpen: () => void,
): TemplateResult {
  const time = new Intl.DateTimeFormat(language === "ko" ? "ko-KR" : "en-GB", { timeStyle: "medium" });
  return html`
    <section aria-label=${message(language, "fhirResources")}>
      <h2>${message(language, "fhirResources")}</h2>
      ${study.fhirResources.length === 0 ? html`<p class="sub">${message(language, "fhirNone")}</p>` : ""}
      ${study.fhirResources.map(({ resourceType, id, synchronisedAt }) => {
        const resource = resources.find(
          (candidate) => candidate["id"] === id && candidate["resourceType"] === resourceType,
        );
        return html`
          <details class="card" data-fhir=${resourceType} @toggle=${onOpen}>
            <summary>
              ${resourceType} <span class="sub">${time.format(new Date(synchronisedAt))}</span>
            </summary>
            <pre tabindex="0">
${resource === undefined ? message(language, "loading") : JSON.stringify(resource, null, 1)}</pre>
          </details>
        `;
      })}
    </section>
  `;
}
