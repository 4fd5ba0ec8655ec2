import { html, nothing, type PropertyDeclarations, type PropertyValues, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { moment } from "../../localization/admin-messages.js";
import type { TokenProvider } from "../../session/token-provider.js";
import { AdminSection } from "./admin-section.js";
import type {
  ConnectedSystem,
  ConnectedSystems,
  OpenedLog,
  SystemCalls,
  SystemWords,
} from "./connected-systems.js";
import { chosenOverlap, overlapChoice } from "./secret-overlap.js";
import { shownOnce } from "./shown-once.js";
import { systemLog } from "./system-log.js";

/** What the sections on systems that share a secret do: add, stop and remove them, replace the secret, read the log. */
export abstract class ConnectedSystemsSection<
  System extends ConnectedSystem,
  State extends string,
> extends AdminSection<ConnectedSystems<System, State>> {
  static override properties: PropertyDeclarations = { secret: { state: true }, opened: { state: true } };
  /** Shown once, in memory until the section is left, the system is removed, or another one is made. */
  declare private secret: { readonly name: string; readonly value: string } | undefined;
  declare private opened: OpenedLog<State> | undefined;
  protected override readonly pollMilliseconds = 5_000;

  protected abstract readonly words: SystemWords<State>;
  protected abstract readonly calls: SystemCalls<System, State>;
  /** What stays the same of a system. */
  protected abstract idOf(system: System): string;
  protected abstract nameOf(system: System): string;
  protected abstract renderForm(): TemplateResult;
  protected abstract renderDetails(system: System): TemplateResult;
  protected renderOwnActions?(system: System): TemplateResult | typeof nothing;
  protected renderLogActions?(system: System): TemplateResult;

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    if (changed.has("tokenProvider")) this.secret = undefined;
  }

  protected override async fetchContent(token: TokenProvider): Promise<ConnectedSystems<System, State>> {
    const { opened, pages } = this;
    const systems = await this.calls.list(token);
    const system = systems.find((one) => this.idOf(one) === opened?.system);
    // Somebody else may have removed it.
    if (opened === undefined || system === undefined) return { systems, log: undefined };
    return {
      systems,
      log: { ...(await this.calls.log(system, opened.state, pages, token)), ...opened },
    };
  }

  protected override renderContent({ systems, log }: ConnectedSystems<System, State>): TemplateResult {
    return html`
      <details>
        <summary>${this.text(this.words.add)}</summary>
        ${this.renderForm()}
      </details>
      ${shownOnce(this.text("secretShownOnce", { name: this.secret?.name ?? "" }), this.secret?.value)}
      ${
        systems.length === 0
          ? html`<p>${this.text(this.words.none)}</p>`
          : html`<ul class="rows">
              ${repeat(
                systems,
                (system) => this.idOf(system),
                (system) => this.renderSystem(system, log),
              )}
            </ul>`
      }
    `;
  }

  private renderSystem(system: System, log: ConnectedSystems<System, State>["log"]): TemplateResult {
    const id = this.idOf(system);
    const isOpened = this.opened?.system === id;
    const title = this.text(this.words.log.title);
    return html`
      <li data-system=${id} data-state=${system.enabled ? "enabled" : "disabled"}>
        ${this.renderDetails(system)}
        <div class="actions">
          <button
            type="button"
            aria-label=${`${title}: ${this.nameOf(system)}`}
            aria-expanded=${isOpened ? "true" : "false"}
            @click=${() => void this.openLog(isOpened ? undefined : { system: id, state: undefined })}
          >
            ${title}
          </button>
          ${this.renderOwnActions?.(system)} ${this.renderActions(system)}
        </div>
        ${isOpened ? this.renderLog(system, log) : nothing}
      </li>
    `;
  }

  private renderActions(system: System): readonly TemplateResult[] {
    const confirmed = (
      key: "disable" | "newSecret" | "remove",
      work: (event: Event) => void,
      choice?: TemplateResult,
    ) =>
      this.renderConfirmed(
        `${key}-${this.idOf(system)}`,
        this.text(key),
        this.labelOf(key, system),
        work,
        choice,
      );
    const enable = (enabled: boolean) => () =>
      void this.act((token) => this.calls.enable(system, enabled, token));
    return [
      confirmed(
        "newSecret",
        (event) => void this.rotate(system, chosenOverlap(event)),
        overlapChoice(this.language),
      ),
      system.enabled ? confirmed("disable", enable(false)) : this.renderPlain("enable", system, enable(true)),
      confirmed("remove", () => void this.removeSystem(system)),
    ];
  }

  /** A button for what can be taken back. */
  protected renderPlain(key: "enable" | "ping", system: System, work: () => void): TemplateResult {
    return html`<button
      type="button"
      aria-label=${this.labelOf(key, system)}
      ?disabled=${this.busy}
      @click=${work}
    >
      ${this.text(key)}
    </button>`;
  }

  private labelOf(key: "disable" | "enable" | "newSecret" | "ping" | "remove", system: System): string {
    return `${this.text(key)}: ${this.nameOf(system)}`;
  }

  private renderLog(system: System, log: ConnectedSystems<System, State>["log"]): TemplateResult {
    const id = this.idOf(system);
    const state = this.opened?.state;
    // What stands there is of what was asked for before, until it is fetched.
    const found = log?.system === id && log.state === state ? log : undefined;
    const again = (entry: number) =>
      this.act(async (token) =>
        this.text(this.words.log.repeated, { count: await this.calls.repeat(system, entry, token) }),
      );
    return html`<div class="within">
      ${systemLog({
        language: this.language,
        words: this.words.log,
        entries: found?.items,
        shown: state,
        busy: this.busy,
        onShow: (shown) => void this.openLog({ system: id, state: shown }),
        onRepeat: (entry) => void again(entry),
        actions: this.renderLogActions?.(system) ?? nothing,
      })}
      ${found?.more === true ? this.renderMore() : nothing}
    </div>`;
  }

  private async openLog(opened: OpenedLog<State> | undefined): Promise<void> {
    this.showLog(opened);
    await this.load();
  }

  /** The log is opened, and fetched at the next load. */
  protected showLog(opened: OpenedLog<State> | undefined): void {
    this.opened = opened;
    this.pages = 1;
  }

  /** Adds a system, and shows its secret. @returns whether it was added */
  protected add(name: string, work: (token: TokenProvider) => Promise<string>): Promise<boolean> {
    return this.act(async (token) => {
      this.secret = { name, value: await work(token) };
    });
  }

  private async rotate(system: System, overlapHours: number): Promise<void> {
    await this.act(async (token) => {
      const { secret, formerUntil } = await this.calls.rotate(system, overlapHours, token);
      this.secret = { name: this.nameOf(system), value: secret };
      return overlapHours === 0
        ? this.text("formerSecretOver")
        : this.text("formerSecretUntil", { time: moment(formerUntil, this.language) });
    });
  }

  private async removeSystem(system: System): Promise<void> {
    const done = await this.act((token) => this.calls.remove(system, token));
    if (done && this.secret?.name === this.nameOf(system)) this.secret = undefined;
  }
}
