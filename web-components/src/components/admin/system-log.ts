import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { adminMessage, moment, type AdminMessageKey } from "../../localization/admin-messages.js";
import type { Language } from "../../localization/messages.js";

/** One thing that went to a connected system or came from it; times are ISO 8601. */
export interface LogEntry<State extends string> {
  readonly id: number;
  readonly type: string;
  /** What tells it from others of its type. */
  readonly name: string | undefined;
  readonly state: State;
  readonly attempts: number;
  /** Why it failed, or what it waits for (docs/errors.md). */
  readonly code: string | null;
  readonly reason: string | null;
  /** What came of it. */
  readonly result?: string;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly nextAttemptAt: string | null;
}

/** What a log calls things. */
export interface LogWords<State extends string> {
  readonly title: AdminMessageKey;
  readonly choice: AdminMessageKey;
  readonly none: AdminMessageKey;
  readonly noneSuch: AdminMessageKey;
  readonly again: AdminMessageKey;
  /** With `name`. */
  readonly againOf: AdminMessageKey;
  /** With `count`: it is done once more. */
  readonly repeated: AdminMessageKey;
  /** The states in order: what each is called, how it looks, and whether what is in it can be done once more. */
  readonly states: Readonly<Record<State, readonly [AdminMessageKey, string, "repeatable" | "kept"]>>;
}

export interface LogState<State extends string> {
  readonly language: Language;
  readonly words: LogWords<State>;
  /** The newest first; undefined while they are fetched. */
  readonly entries: readonly LogEntry<State>[] | undefined;
  /** Of which state; undefined for all. */
  readonly shown: State | undefined;
  readonly busy: boolean;
  readonly onShow: (state: State | undefined) => void;
  readonly onRepeat: (id: number) => void;
  /** What else can be done about all of them. */
  readonly actions: TemplateResult | typeof nothing;
}

/** What went to a connected system or came from it, with a choice of the state, and a way to have it done once more. */
export function systemLog<State extends string>(state: LogState<State>): TemplateResult {
  const { language, words, shown, onShow, actions } = state;
  const text = (key: AdminMessageKey) => adminMessage(language, key);
  const names = Object.keys(words.states) as State[];
  return html`
    <div class="actions">
      <select
        aria-label=${text(words.choice)}
        @change=${(event: Event) => {
          const { value } = event.target as HTMLSelectElement;
          onShow(names.find((name) => name === value));
        }}
      >
        <option value="" .selected=${shown === undefined}>${text("all")}</option>
        ${names.map(
          (name) =>
            html`<option value=${name} .selected=${name === shown}>${text(words.states[name][0])}</option>`,
        )}
      </select>
      ${actions}
    </div>
    ${entriesOf(state)}
  `;
}

function entriesOf<State extends string>(state: LogState<State>): TemplateResult {
  const { language, words, entries, shown } = state;
  if (entries === undefined) return html`<p>${adminMessage(language, "loading")}</p>`;
  if (entries.length === 0)
    return html`<p>${adminMessage(language, shown === undefined ? words.none : words.noneSuch)}</p>`;
  return html`<ul class="rows">
    ${repeat(
      entries,
      ({ id }) => id,
      (entry) => entryRow(entry, state),
    )}
  </ul>`;
}

function entryRow<State extends string>(
  entry: LogEntry<State>,
  { language, words, busy, onRepeat }: LogState<State>,
): TemplateResult {
  const { id, type, name, state, attempts, code, reason, result, startedAt, endedAt, nextAttemptAt } = entry;
  const [key, kind, repeatable] = words.states[state];
  const time = (at: string) => moment(at, language);
  return html`
    <li data-entry=${id} data-state=${state}>
      <div class="what">
        <strong>${type}</strong> ${name === undefined ? nothing : html`<span class="sub">${name}</span>`}
        <span class=${kind}>${adminMessage(language, key)}</span>
        ${endedAt === null ? nothing : html`<span class="sub">${time(endedAt)}</span>`}
        <p class="sub">
          ${time(startedAt)} · ${adminMessage(language, "attempts", { count: attempts })}
          ${
            nextAttemptAt === null
              ? nothing
              : html` · ${adminMessage(language, "nextAttempt", { time: time(nextAttemptAt) })}`
          }
        </p>
        ${code === null ? nothing : html`<p>${[code, reason].filter(Boolean).join(" · ")}</p>`}
        ${result === undefined ? nothing : html`<p class="sub">${result}</p>`}
      </div>
      ${
        repeatable === "kept"
          ? nothing
          : html`<div class="actions">
              <button
                type="button"
                aria-label=${adminMessage(language, words.againOf, { name: `${type} ${name ?? id}` })}
                ?disabled=${busy}
                @click=${() => onRepeat(id)}
              >
                ${adminMessage(language, words.again)}
              </button>
            </div>`
      }
    </li>
  `;
}
