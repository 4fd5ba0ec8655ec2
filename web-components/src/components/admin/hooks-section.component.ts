import { css, type PropertyValues, type TemplateResult } from "lit";
import { listApiKeys, revoke, type ApiKey } from "../../administration/grants.js";
import {
  createHookSource,
  enableHookSource,
  listHookMessages,
  listHookSources,
  replayHookMessage,
  rotateHookSecret,
  type HookSource,
  type HookState,
  type HookType,
} from "../../administration/hooks.js";
import type { TokenProvider } from "../../session/token-provider.js";
import { ConnectedSystemsSection } from "./connected-systems-section.js";
import type { SystemCalls, SystemWords } from "./connected-systems.js";
import { HOOK_MESSAGE_WORDS, hookMessageEntry } from "./hook-messages.js";
import { hookSourceDetails } from "./hook-source-row.js";
import { hookSourceOf, newHookSourceForm } from "./new-hook-source-form.js";
import type { ProblemWords } from "./problem-words.js";

/**
 * Other systems that may tell us something: to register, stop and remove them, and what came of what they told.
 *
 * @element neuronova-admin-hooks
 */
export class NeuronovaAdminHooks extends ConnectedSystemsSection<HookSource, HookState> {
  static override styles = [
    ...ConnectedSystemsSection.styles,
    css`
      fieldset {
        display: flex;
        flex-wrap: wrap;
        grid-column: 1 / -1;
        gap: 6px 20px;
        min-width: 0;
        margin: 0;
        padding: 8px 12px;
        border: 1px solid var(--neuronova-line);
        border-radius: 7px;
      }
      legend {
        padding: 0 4px;
        font-size: 13px;
        color: var(--neuronova-muted);
      }
      fieldset .choice {
        margin: 0;
      }
    `,
  ];
  static override properties = { types: { state: true }, keys: { state: true } };
  /** What the form's source may tell. */
  declare private types: ReadonlySet<HookType>;
  /** API keys that may speak for a source; none before they are fetched. */
  declare private keys: readonly ApiKey[];
  protected override readonly heading = "hooks";
  protected override readonly problemWords: ProblemWords = { "not-configured": "hooksNotConfigured" };
  protected override readonly words: SystemWords<HookState> = {
    add: "newHookSource",
    none: "hookSourcesNone",
    log: HOOK_MESSAGE_WORDS,
  };
  protected override readonly calls: SystemCalls<HookSource, HookState> = {
    list: (token) => this.fetchSources(token),
    log: async ({ name }, state, pages, token) => {
      const { items, more } = await listHookMessages(name, state, pages, token);
      return { items: items.map(hookMessageEntry), more };
    },
    enable: ({ name }, enabled, token) => enableHookSource(name, enabled, token),
    rotate: ({ name }, overlapHours, token) => rotateHookSecret(name, overlapHours, token),
    remove: ({ name }, token) => revoke("hook-sources", name, token),
    repeat: ({ name }, message, token) => replayHookMessage(name, message, token),
  };

  constructor() {
    super();
    this.types = new Set();
    this.keys = [];
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    if (changed.has("tokenProvider")) this.keys = [];
  }

  private async fetchSources(token: TokenProvider): Promise<readonly HookSource[]> {
    const sources = await listHookSources(token);
    const keys = await listApiKeys(token);
    // An answer to who was logged in before is not for who is now.
    if (token === this.tokenProvider) this.keys = keys;
    return sources;
  }

  protected override idOf({ name }: HookSource): string {
    return name;
  }

  protected override nameOf({ name }: HookSource): string {
    return name;
  }

  protected override renderForm(): TemplateResult {
    return newHookSourceForm({
      language: this.language,
      busy: this.busy,
      types: this.types,
      keys: this.keys,
      onTypes: (types) => (this.types = types),
      onSubmit: (form) => void this.create(form),
    });
  }

  protected override renderDetails(source: HookSource): TemplateResult {
    return hookSourceDetails(source, this.keys, this.language);
  }

  private async create(form: HTMLFormElement): Promise<void> {
    const source = hookSourceOf(new FormData(form), this.types);
    if (!(await this.add(source.name, (token) => createHookSource(source, token)))) return;
    form.reset();
    this.types = new Set();
  }
}
