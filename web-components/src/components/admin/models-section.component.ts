import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import {
  MODEL_MODES,
  listAgreement,
  listDays,
  listModels,
  modelCard,
  reloadModels,
  setMode,
  type Agreement,
  type Model,
  type ModelDay,
  type ModelList,
  type ModelMode,
} from "../../administration/models.js";
import type { AdminMessageKey } from "../../localization/admin-messages.js";
import type { TokenProvider } from "../../session/token-provider.js";
import { AdminSection } from "./admin-section.js";
import { renderModelDays } from "./model-days.js";

const MODES: Readonly<Record<ModelMode, AdminMessageKey>> = {
  enabled: "modelEnabled",
  disabled: "modelDisabled",
  shadow: "modelShadow",
};

interface Models extends ModelList {
  readonly agreement: readonly Agreement[];
}

/**
 * Models: which there are, whether they run, what they say of themselves, what they did each day and how often people agreed.
 *
 * @element neuronova-admin-models
 */
export class NeuronovaAdminModels extends AdminSection<Models> {
  static override properties = { cards: { state: true }, days: { state: true } };
  /** Cards that were opened, by model; null for one that says nothing. */
  declare private cards: ReadonlyMap<string, string | null>;
  /** Of the models whose days were opened, as they were then. */
  declare private days: ReadonlyMap<string, readonly ModelDay[]>;
  protected override readonly heading = "models";

  constructor() {
    super();
    this.cards = new Map();
    this.days = new Map();
  }

  protected override async fetchContent(token: TokenProvider): Promise<Models> {
    const [list, agreement] = await Promise.all([listModels(token), listAgreement(token)]);
    return { ...list, agreement };
  }

  protected override renderContent({ models, refused, agreement }: Models): TemplateResult {
    return html`
      <p>
        <button
          type="button"
          ?disabled=${this.busy}
          @click=${() =>
            void this.act(async (token) => {
              await reloadModels(token);
              return this.text("reloaded");
            })}
        >
          ${this.text("reload")}
        </button>
      </p>
      ${
        models.length === 0
          ? html`<p>${this.text("modelsNone")}</p>`
          : html`<ul class="rows">
              ${repeat(models, keyOf, (model) =>
                this.renderModel(
                  model,
                  agreement.find((one) => one.model === model.name && one.version === model.version),
                ),
              )}
            </ul>`
      }
      ${refused.map(
        ({ folder, reason }) => html`<p class="bad">${this.text("refusedModel", { folder })} – ${reason}</p>`,
      )}
    `;
  }

  private renderModel(model: Model, agreement: Agreement | undefined): TemplateResult {
    const { name, version, title, task, engine, mode } = model;
    const card = this.cards.get(keyOf(model));
    const days = this.days.get(keyOf(model));
    const daysLabel = this.text("daysOf", { name: `${title} ${version}` });
    return html`
      <li data-model=${name} data-mode=${mode}>
        <div class="what">
          <strong>${title} ${version}</strong>
          <p class="sub">${name} · ${task} · ${this.text("engine")}: ${engine}</p>
          ${agreement === undefined ? nothing : html`<p class="sub">${this.agreementText(agreement)}</p>`}
        </div>
        <label>
          ${this.text("mode")}
          <select
            aria-label=${this.text("modeOf", { name: title })}
            ?disabled=${this.busy}
            @change=${(event: Event) => void this.change(model, event.target as HTMLSelectElement)}
          >
            ${MODEL_MODES.map(
              (one) => html`<option value=${one} .selected=${one === mode}>${this.text(MODES[one])}</option>`,
            )}
          </select>
        </label>
        <details @toggle=${(event: Event) => void this.openCard(event, model)}>
          <summary>${this.text("card")}</summary>
          <div>
            ${
              card === undefined
                ? this.text("loading")
                : card === null
                  ? this.text("cardNone")
                  : html`<pre>${card}</pre>`
            }
          </div>
        </details>
        <details class="within" @toggle=${(event: Event) => void this.openDays(event, model)}>
          <summary aria-label=${daysLabel}>${this.text("days")}</summary>
          ${
            days === undefined
              ? html`<div>${this.text("loading")}</div>`
              : renderModelDays(days, daysLabel, this.language, (key, values) => this.text(key, values))
          }
        </details>
      </li>
    `;
  }

  private agreementText({ reviewed, unreviewed, decisions }: Agreement): string {
    const [accepted, edited, rejected] = [decisions.accepted, decisions.edited, decisions.rejected];
    return this.text("agreement", {
      reviewed,
      unreviewed,
      accepted: accepted.count,
      edited: edited.count,
      rejected: rejected.count,
    });
  }

  private async change(model: Model, select: HTMLSelectElement): Promise<void> {
    const mode = MODEL_MODES.find((one) => one === select.value);
    if (mode === undefined) return;
    const done = await this.act((token) => setMode(model, mode, token));
    // What stands there is what the server has.
    if (!done) select.value = model.mode;
  }

  private openCard(event: Event, model: Model): Promise<void> {
    if (this.cards.has(keyOf(model))) return Promise.resolve();
    return this.opened(event, async (token) => {
      const card = await modelCard(model, token);
      this.cards = new Map([...this.cards, [keyOf(model), card ?? null]]);
    });
  }

  /** Each time anew: they are counted again every hour. */
  private openDays(event: Event, model: Model): Promise<void> {
    return this.opened(event, async (token) => {
      const days = await listDays(model, token);
      this.days = new Map([...this.days, [keyOf(model), days]]);
    });
  }

  private async opened(event: Event, fetch: (token: TokenProvider) => Promise<void>): Promise<void> {
    const { tokenProvider } = this;
    const details = event.target as HTMLDetailsElement;
    if (!details.open || tokenProvider === undefined) return;
    try {
      await fetch(tokenProvider);
    } catch (error) {
      details.open = false;
      this.fail(error);
    }
  }
}

function keyOf({ name, version }: Pick<Model, "name" | "version">): string {
  return `${name} ${version}`;
}
