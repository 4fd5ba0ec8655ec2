import { css, html, nothing, type TemplateResult } from "lit";
import { lookAtHealth, type Concern, type HealthLook } from "../../administration/health.js";
import { moment, type AdminMessageKey } from "../../localization/admin-messages.js";
import type { TokenProvider } from "../../session/token-provider.js";
import { AdminSection } from "./admin-section.js";
import { lineChart, type Sample } from "./line-chart.js";

const POLL_MILLISECONDS = 5_000;
const SPAN_MINUTES = 5;
const SPAN_MILLISECONDS = SPAN_MINUTES * 60_000;

interface Measure {
  readonly title: AdminMessageKey;
  readonly unit: AdminMessageKey;
  /** Undefined while it cannot be told. */
  readonly of: (look: HealthLook) => number | undefined;
}

const MEASURES: readonly Measure[] = [
  { title: "answerTime", unit: "milliseconds", of: ({ answerMilliseconds }) => answerMilliseconds },
  {
    title: "queuedJobs",
    unit: "count",
    of: ({ queues }) => (queues === null ? undefined : sum(queues, (one) => one.waiting + one.delayed)),
  },
  {
    title: "runningJobs",
    unit: "count",
    of: ({ queues }) => (queues === null ? undefined : sum(queues, (one) => one.running)),
  },
  {
    title: "outboxWaiting",
    unit: "count",
    of: ({ destinations }) => (destinations === null ? undefined : sum(destinations, (one) => one.pending)),
  },
  {
    title: "outboxOldest",
    unit: "seconds",
    of: ({ destinations }) =>
      destinations === null ? undefined : Math.max(0, ...destinations.map((one) => one.oldestSeconds)),
  },
];

const CONCERNS: Readonly<Record<Concern["code"], AdminMessageKey>> = {
  "dependency-down": "concernDependency",
  "not-known": "concernNotKnown",
  "destination-shut": "concernShut",
  "messages-failed": "concernMessages",
  "work-late": "concernLate",
  "schedule-failed": "concernSchedule",
  "audit-broken": "concernAudit",
  "backup-old": "concernBackup",
};

/**
 * Whether the installation works, at a glance: what it depends on, and how a few figures went while the page is open.
 *
 * @element neuronova-admin-health
 */
export class NeuronovaAdminHealth extends AdminSection<HealthLook> {
  static override styles = [
    ...AdminSection.styles,
    css`
      .charts {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(300px, 100%), 1fr));
        gap: 12px;
      }
      figure {
        margin: 0;
        padding: 10px 12px;
        border: 1px solid var(--neuronova-line);
        border-radius: 10px;
        background: var(--neuronova-surface);
      }
      figcaption {
        display: flex;
        justify-content: space-between;
        gap: 8px;
        font-size: 13.5px;
      }
      svg {
        display: block;
        width: 100%;
        height: auto;
      }
      text {
        font-size: 11px;
        fill: var(--neuronova-muted);
      }
      .grid {
        stroke: var(--neuronova-line);
      }
      path {
        fill: none;
        stroke: var(--neuronova-accent);
        stroke-width: 1.6;
      }
      circle {
        fill: var(--neuronova-accent);
      }
    `,
  ];
  /** What was seen while the page is open; a look that failed has no values. */
  private looks: readonly { readonly at: number; readonly look: HealthLook | undefined }[] = [];
  protected override readonly heading = "health";
  protected override readonly pollMilliseconds = POLL_MILLISECONDS;

  protected override async fetchContent(token: TokenProvider): Promise<HealthLook> {
    try {
      const look = await lookAtHealth(token);
      this.remember(look);
      return look;
    } catch (error) {
      this.remember(undefined);
      throw error;
    }
  }

  private remember(look: HealthLook | undefined): void {
    const at = Date.now();
    this.looks = [...this.looks.filter((one) => one.at > at - SPAN_MILLISECONDS), { at, look }];
    this.requestUpdate();
  }

  protected override renderContent({ readiness, concerns, at }: HealthLook): TemplateResult {
    const ready = readiness.status === "ready";
    const time = new Date(at).toLocaleTimeString(this.language);
    return html`
      <p data-readiness=${readiness.status}>
        <strong class=${ready ? "good" : "bad"}>${this.text(ready ? "ready" : "notReady")}</strong>
        <span class="sub">${this.text("lastAsked", { time })}</span>
      </p>
      <h3>${this.text("concerns")}</h3>
      ${
        concerns.length === 0
          ? html`<p class="good">${this.text("concernsNone")}</p>`
          : html`<ul class="rows">
              ${concerns.map(
                (concern) => html`
                  <li data-concern=${concern.code}>
                    <span class="what warn">${this.wordsOf(concern)}</span>
                  </li>
                `,
              )}
            </ul>`
      }
      <h3>${this.text("dependencies")}</h3>
      <ul class="rows">
        ${Object.entries(readiness.dependencies).map(
          ([name, { status, reason }]) => html`
            <li data-dependency=${name}>
              <span class="what">${name}</span>
              <span class=${status === "up" ? "good" : "bad"}>
                ${this.text(status)}${reason === undefined ? nothing : `: ${reason}`}
              </span>
            </li>
          `,
        )}
      </ul>
      <h3>${this.text("figures")}</h3>
      <div class="charts">${MEASURES.map((measure) => this.renderChart(measure))}</div>
      <p class="sub">${this.text("polled", { seconds: POLL_MILLISECONDS / 1_000 })}</p>
    `;
  }

  /** What is wrong, in words for the reader. */
  private wordsOf({ code, subject, seconds = 0 }: Concern): string {
    const minutes = Math.floor(seconds / 60);
    if (code !== "backup-old") return this.text(CONCERNS[code], { subject, minutes });
    if (subject === "never") return this.text("concernNoBackup");
    return this.text(CONCERNS[code], { subject: moment(subject, this.language) });
  }

  private renderChart({ title, unit, of }: Measure): TemplateResult {
    const samples = this.looks.map(({ at, look }): Sample => ({ at, value: rounded(look && of(look)) }));
    const values = samples.flatMap(({ value }) => (value === undefined ? [] : [value]));
    const units = this.text(unit);
    const last = samples.at(-1)?.value;
    const latest =
      last === undefined ? this.text("noValue") : `${last} ${unit === "count" ? "" : units}`.trim();
    return lineChart({
      title: this.text(title),
      unit: unit === "count" ? "" : units,
      samples,
      spanMilliseconds: SPAN_MILLISECONDS,
      now: this.looks.at(-1)?.at ?? Date.now(),
      ends: [this.text("minutesAgo", { count: SPAN_MINUTES }), this.text("now")],
      description: this.text("chartOf", {
        title: this.text(title),
        unit: units,
        now: latest,
        most: Math.max(0, ...values),
        minutes: SPAN_MINUTES,
      }),
      latest,
    });
  }
}

function rounded(value: number | undefined): number | undefined {
  return value === undefined ? undefined : Math.round(value);
}

function sum<T>(all: readonly T[], of: (one: T) => number): number {
  return all.reduce((total, one) => total + of(one), 0);
}
