import { html, nothing, type TemplateResult } from "lit";
import type { Language } from "../../localization/messages.js";
import { syncMessage, type SyncText } from "../../localization/sync-messages.js";
import type { Destination } from "../../studies/outbox.js";
import type { StudyDetails, Synchronisation } from "../../studies/study.js";

const SYSTEMS: Readonly<Record<Synchronisation["destination"], SyncText>> = {
  fhir: "systemFhir",
  openemr: "systemOpenemr",
  webhook: "systemWebhook",
};
const BREAKERS: Readonly<Record<Destination["breaker"], SyncText>> = {
  closed: "breakerClosed",
  open: "breakerOpen",
  "half-open": "breakerHalfOpen",
  none: "breakerNone",
};

/** Whether other systems have the patient, the study and each result. */
export function studySynchronisation(study: StudyDetails, language: Language): TemplateResult {
  const patient = study.fhirResources.find(({ resourceType }) => resourceType === "Patient");
  const results = new Map(
    study.synchronisation.results.map(({ analysis, destinations }) => [analysis, destinations]),
  );
  return html`<ul>
    ${subject(
      syncMessage(language, "patient"),
      patient === undefined
        ? html`<div class="warn">${syncMessage(language, "fhirNone")}</div>`
        : stateView(
            { destination: "fhir", state: "synchronised", synchronisedAt: patient.synchronisedAt },
            language,
          ),
    )}
    ${subject(syncMessage(language, "syncStudy"), statesView(study.synchronisation.study, language))}
    ${study.results
      .filter(({ id, state }) => state === "succeeded" || results.has(id))
      .map(({ id, model }) =>
        subject(
          `${syncMessage(language, "aiResult")}: ${model.title}`,
          statesView(results.get(id) ?? [], language),
        ),
      )}
  </ul>`;
}

function subject(name: string, states: TemplateResult): TemplateResult {
  return html`<li part="subject"><strong>${name}</strong>${states}</li>`;
}

function statesView(states: readonly Synchronisation[], language: Language): TemplateResult {
  if (states.length === 0) return html`<div class="sub">${syncMessage(language, "syncNone")}</div>`;
  return html`${states.map((state) => stateView(state, language))}`;
}

/** What waits may still come about; what failed says why. */
function stateView(
  { destination, state, synchronisedAt, waitingSince, code, reason }: Synchronisation,
  language: Language,
): TemplateResult {
  const system = syncMessage(language, SYSTEMS[destination]);
  const at = synchronisedAt === undefined ? undefined : clock(synchronisedAt, language);
  if (state === "synchronised")
    return html`<div class="good" data-sync=${state}>
      ${system}: ${syncMessage(language, "synchronised")}
      ${at === undefined ? nothing : html`<span class="sub">${syncMessage(language, "synchronisedAt", { time: at })}</span>`}
    </div>`;
  const since = waitingSince === undefined ? "" : clock(waitingSince, language);
  return html`<div class=${state === "waiting" ? "warn" : "bad"} data-sync=${state}>
      ${system}:
      ${state === "waiting" ? syncMessage(language, "waitingSince", { time: since }) : syncMessage(language, "syncFailed")}
    </div>
    ${state === "failed" ? html`<div class="sub">${[code, reason].filter(Boolean).join(": ")}</div>` : nothing}
    ${at === undefined ? nothing : html`<div class="sub">${syncMessage(language, "syncLast", { time: at })}</div>`}`;
}

/** For administrators: how a system is found, what waits for it, and what failed. */
export function destinationView(
  { destination, breaker, since, code, pending, failed, oldestSeconds }: Destination,
  language: Language,
  replay: TemplateResult | typeof nothing,
): TemplateResult {
  const isWell = breaker === "closed";
  return html`<li part="destination" data-destination=${destination} data-breaker=${breaker}>
    <strong>${syncMessage(language, SYSTEMS[destination])}</strong>
    <div class=${isWell ? "good" : "bad"}>
      ${syncMessage(language, BREAKERS[breaker])}
      ${isWell || since === null ? nothing : html`<span class="sub">${clock(since, language)} ${code ?? ""}</span>`}
    </div>
    <div class=${pending > 0 ? "warn" : "sub"}>
      ${syncMessage(language, "syncPending", { count: pending })}
      ${pending > 0 ? html`<span class="sub">${syncMessage(language, "syncOldest", { seconds: Math.round(oldestSeconds) })}</span>` : nothing}
    </div>
    <div class=${failed > 0 ? "bad" : "sub"}>${syncMessage(language, "syncFailures", { count: failed })}</div>
    ${failed > 0 ? replay : nothing}
  </li>`;
}

function clock(time: string, language: Language): string {
  return new Date(time).toLocaleString(language === "ko" ? "ko-KR" : "en-GB", {
    dateStyle: "short",
    timeStyle: "medium",
  });
}
