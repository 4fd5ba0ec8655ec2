import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import {
  answerTo,
  drop,
  listDeadLetters,
  listDestinations,
  replay,
  type Destination,
  type Letter,
} from "../../administration/outbox.js";
import { moment, type AdminMessageKey } from "../../localization/admin-messages.js";
import type { TokenProvider } from "../../session/token-provider.js";
import { AdminSection } from "./admin-section.js";
import { fieldOf } from "./form-fields.js";

const BREAKERS: Readonly<Record<Destination["breaker"], readonly [AdminMessageKey, string]>> = {
  closed: ["breakerClosed", "good"],
  open: ["breakerOpen", "bad"],
  "half-open": ["breakerHalfOpen", "warn"],
  none: ["breakerNone", "bad"],
};
const SHORTEST_REASON = 3;

interface Outbox {
  readonly destinations: readonly Destination[];
  /** The oldest of them. */
  readonly letters: readonly Letter[];
}

/**
 * What waits for other systems, how they are found, and messages that failed: to send them again or give them up.
 *
 * @element neuronova-admin-outbox
 */
export class NeuronovaAdminOutbox extends AdminSection<Outbox> {
  static override properties = { answers: { state: true }, dropping: { state: true } };
  /** Answers of destinations that were opened, by message. */
  declare private answers: ReadonlyMap<number, string | null>;
  /** The message that is being given up. */
  declare private dropping: number | undefined;
  protected override readonly heading = "outbox";
  protected override readonly pollMilliseconds = 5_000;

  constructor() {
    super();
    this.answers = new Map();
  }

  protected override async fetchContent(token: TokenProvider): Promise<Outbox> {
    const [destinations, { messages }] = await Promise.all([listDestinations(token), listDeadLetters(token)]);
    return { destinations, letters: messages };
  }

  protected override renderContent({ destinations, letters }: Outbox): TemplateResult {
    return html`
      ${
        destinations.length === 0
          ? html`<p>${this.text("outboxNone")}</p>`
          : html`<ul class="rows">
              ${destinations.map((destination) => this.renderDestination(destination))}
            </ul>`
      }
      <h3>${this.text("deadLetters")}</h3>
      ${letters.length === 0 ? html`<p>${this.text("deadLettersNone")}</p>` : this.renderLetters(letters)}
    `;
  }

  private renderDestination({
    destination,
    breaker,
    since,
    code,
    pending,
    failed,
    oldestSeconds,
  }: Destination): TemplateResult {
    const [key, kind] = BREAKERS[breaker];
    return html`
      <li data-destination=${destination} data-breaker=${breaker}>
        <div class="what">
          <strong>${destination}</strong>
          <span class=${kind}>${this.text(key)}</span>
          <p class="sub">
            ${code === null ? nothing : html`${code} · `}
            ${since === null ? nothing : this.text("since", { time: moment(since, this.language) })}
          </p>
        </div>
        <div>
          ${this.text("pendingCount", { count: pending })} ·
          <span class=${failed > 0 ? "bad" : ""}>${this.text("failedCount", { count: failed })}</span>
          ${
            pending > 0
              ? html`<p class="sub">${this.text("oldest", { seconds: Math.round(oldestSeconds) })}</p>`
              : nothing
          }
        </div>
      </li>
    `;
  }

  private renderLetters(letters: readonly Letter[]): TemplateResult {
    return html`
      <p>
        <button type="button" ?disabled=${this.busy} @click=${() => void this.send("all")}>
          ${this.text("replayAll")}
        </button>
      </p>
      <ul class="rows">
        ${repeat(
          letters,
          ({ id }) => id,
          (letter) => this.renderLetter(letter),
        )}
      </ul>
    `;
  }

  private renderLetter(letter: Letter): TemplateResult {
    const { id, destination, kind, subject, attempts, code, reason, failedAt } = letter;
    const name = `${kind} ${subject}`;
    return html`
      <li data-letter=${id}>
        <div class="what">
          <strong>${kind}</strong> → ${destination} <span class="bad">${code ?? nothing}</span>
          <p>${reason ?? nothing}</p>
          <p class="sub">
            ${subject} · ${this.text("attempts", { count: attempts })}
            ${failedAt === null ? nothing : html` · ${moment(failedAt, this.language)}`}
          </p>
          <details @toggle=${(event: Event) => void this.open(event, id)}>
            <summary>${this.text("answer")}</summary>
            <div>
              ${
                this.answers.has(id)
                  ? html`<pre>${this.answers.get(id) ?? this.text("none")}</pre>`
                  : this.text("loading")
              }
            </div>
          </details>
        </div>
        <div class="actions">
          <button
            type="button"
            aria-label=${this.text("replayOf", { name })}
            ?disabled=${this.busy}
            @click=${() => void this.send(id)}
          >
            ${this.text("replay")}
          </button>
          <button type="button" class="danger" @click=${() => (this.dropping = id)}>
            ${this.text("drop")}
          </button>
        </div>
        ${this.dropping === id ? this.renderDrop(id) : nothing}
      </li>
    `;
  }

  private renderDrop(id: number): TemplateResult {
    return html`
      <form class="short" @submit=${(event: SubmitEvent) => void this.giveUp(event, id)}>
        <label>
          ${this.text("dropReason")}
          <input name="reason" required minlength=${SHORTEST_REASON} maxlength="1000" autocomplete="off" />
        </label>
        <button type="submit" class="danger" ?disabled=${this.busy}>${this.text("drop")}</button>
        <button type="button" @click=${() => (this.dropping = undefined)}>${this.text("cancel")}</button>
      </form>
    `;
  }

  private async send(id: number | "all"): Promise<void> {
    await this.act(async (token) => this.text("replayed", { count: await replay(id, token) }));
  }

  private async giveUp(event: SubmitEvent, id: number): Promise<void> {
    event.preventDefault();
    const reason = fieldOf(new FormData(event.target as HTMLFormElement), "reason");
    const done = await this.act(async (token) => {
      await drop(id, reason, token);
      return this.text("dropped");
    });
    if (done) this.dropping = undefined;
  }

  private async open(event: Event, id: number): Promise<void> {
    const { tokenProvider } = this;
    const details = event.target as HTMLDetailsElement;
    if (!details.open || tokenProvider === undefined || this.answers.has(id)) return;
    try {
      const answer = await answerTo(id, tokenProvider);
      this.answers = new Map([...this.answers, [id, answer]]);
    } catch (error) {
      details.open = false;
      this.fail(error);
    }
  }
}
