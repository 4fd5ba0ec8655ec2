import { html, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { listFailures, retryFailure, type Failure } from "../../administration/failures.js";
import type { TokenProvider } from "../../session/token-provider.js";
import { AdminSection } from "./admin-section.js";

/**
 * Work that failed, to have it done again, above the jobs of models.
 *
 * @element neuronova-admin-queues
 */
export class NeuronovaAdminQueues extends AdminSection<readonly Failure[]> {
  protected override readonly heading = "queues";

  protected override fetchContent(token: TokenProvider): Promise<readonly Failure[]> {
    return listFailures(token);
  }

  protected override renderContent(failures: readonly Failure[]): TemplateResult {
    return html`
      <h3>${this.text("failures")}</h3>
      ${
        failures.length === 0
          ? html`<p>${this.text("failuresNone")}</p>`
          : html`<ul class="rows">
              ${repeat(
                failures,
                ({ kind, id }) => `${kind} ${id}`,
                (failure) => this.renderFailure(failure),
              )}
            </ul>`
      }
      <neuronova-job-monitor
        .language=${this.language}
        .tokenProvider=${this.tokenProvider}
        theme="auto"
      ></neuronova-job-monitor>
    `;
  }

  private renderFailure(failure: Failure): TemplateResult {
    const { kind, id, studyInstanceUid, reason, attempts } = failure;
    return html`
      <li data-failure="${kind} ${id}">
        <div class="what">
          <strong>${kind}</strong> <span class="bad">${reason}</span>
          <p class="sub">${studyInstanceUid} · ${this.text("attempts", { count: attempts })}</p>
        </div>
        <div class="actions">
          <button
            type="button"
            aria-label=${this.text("repeatOf", { name: `${kind} ${id}` })}
            ?disabled=${this.busy}
            @click=${() =>
              void this.act(async (token) => {
                await retryFailure(failure, token);
                return this.text("repeated");
              })}
          >
            ${this.text("repeat")}
          </button>
        </div>
      </li>
    `;
  }
}
