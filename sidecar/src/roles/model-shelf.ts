import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { ModelChoice } from "../ai-jobs/request-jobs.js";
import {
  appliesTo,
  loadModels,
  mayBeAskedFor,
  type Model,
  type RefusedModel,
} from "../inference/model-registry.js";
import type { Logger } from "../log.js";
import type { ModelDecision, ModelDecisions, ModelMode, ModelName } from "../models/model-modes.js";
import { repeat, type Repetition } from "../pipeline/repeat.js";
import type { SeriesDetails } from "../state/state.js";
import type { ModelCaption, ModelsToAskFor } from "../studies/study-details.js";
import { LOOPS } from "../schedules/loops.js";

/**
 * The model bundles of this process: which there are, which run, which apply to a series, what people read about them.
 * All processes share the decisions and read the folder again together.
 */
export class ModelShelf {
  private models: readonly Model[] = [];
  private refused: readonly RefusedModel[] = [];
  private decisions: ReadonlyMap<string, ModelDecision> = new Map();
  private generation = -1;
  private looking: Promise<void> = Promise.resolve();

  constructor(
    private readonly directory: string,
    private readonly shared: ModelDecisions,
    private readonly log: Logger,
  ) {}

  /** Takes over what was decided, and reads the folder when it was not read since the last reload. */
  look(): Promise<void> {
    // One after the other: a look that began before a decision must not put an older one back after it.
    this.looking = this.looking.catch(() => undefined).then(() => this.lookNow());
    return this.looking;
  }

  /** Looks again and again; `wake` makes it look at once. */
  follow(): Repetition {
    return repeat("models", LOOPS.models.milliseconds, this.log, async () => {
      await this.look();
      return "idle";
    });
  }

  find(name: string, version: string): Model | undefined {
    return this.models.find(({ manifest }) => manifest.name === name && manifest.version === version);
  }

  has({ name, version }: ModelName): boolean {
    return this.find(name, version) !== undefined;
  }

  modeOf({ name, version }: ModelName): ModelMode {
    return this.decisions.get(keyOf({ name, version }))?.mode ?? "enabled";
  }

  all(): readonly Model[] {
    return this.models;
  }

  /** Every version that runs, in the record or beside it. */
  readonly applicableTo = (
    series: Omit<SeriesDetails, "instances">,
    instanceCount: number,
  ): { name: string; version: string; shadow: boolean }[] =>
    this.models
      .filter((model) => appliesTo(model, { ...series, instanceCount }).applies)
      .flatMap(({ manifest: { name, version } }) => {
        const mode = this.modeOf({ name, version });
        return mode === "disabled" ? [] : [{ name, version, shadow: mode === "shadow" }];
      });

  readonly title = (name: string, version: string): string =>
    this.find(name, version)?.manifest.title ?? name;

  readonly caption = (name: string, version: string): ModelCaption => ({
    name,
    version,
    title: this.title(name, version),
    // A model that was taken off the shelf is not known to be anything better.
    notice: this.find(name, version)?.manifest.notice ?? "Demonstration, not for clinical use.",
  });

  /** What a person may ask for. */
  readonly choice: ModelChoice & ModelsToAskFor = {
    names: () =>
      [...new Set(this.models.map(({ manifest }) => manifest.name))].flatMap(
        (name) => this.choice.find({ name }) ?? [],
      ),
    find: ({ name, version }) => {
      const found = this.models
        .map(({ manifest }) => manifest)
        .filter((manifest) => manifest.name === name && (version ?? manifest.version) === manifest.version)
        .filter((manifest) => this.modeOf(manifest) === "enabled")
        .sort((a, b) => byVersion(a.version, b.version))
        .at(-1);
      return found === undefined ? null : { name: found.name, version: found.version };
    },
    refusal: ({ name, version }, { modality, frameCount }, level) => {
      const model = this.find(name, version);
      if (model === undefined) return "it is not installed any more";
      const decision = mayBeAskedFor(model, { modality, instanceCount: frameCount }, level);
      return decision.applies ? null : decision.reason;
    },
  };

  async card({ name, version }: ModelName): Promise<string | null> {
    const model = this.find(name, version);
    if (model === undefined) return null;
    return readFile(join(model.folder, model.manifest.card), "utf8");
  }

  list() {
    return {
      models: this.models.map(
        ({
          manifest: {
            name,
            version,
            title,
            notice,
            task,
            engine,
            intendedUse,
            limitations,
            regulatoryStatus,
          },
        }) => {
          const decision = this.decisions.get(keyOf({ name, version }));
          return {
            ...{ name, version, title, notice, task, engine, intendedUse, limitations, regulatoryStatus },
            mode: decision?.mode ?? ("enabled" as const),
            ...(decision === undefined ? {} : { modeSince: decision.changedAt.toISOString() }),
          };
        },
      ),
      refused: this.refused,
    };
  }

  private async lookNow(): Promise<void> {
    const { generation, decisions } = await this.shared.read();
    if (generation !== this.generation) {
      const { models, refused } = await loadModels(this.directory);
      for (const { folder, reason } of refused) this.log.error({ folder, reason }, "model refused");
      if (this.generation >= 0)
        this.log.info({ models: models.length, refused: refused.length }, "models read again");
      this.models = models;
      this.refused = refused;
      this.generation = generation;
    }
    this.decisions = new Map(decisions.map((decision) => [keyOf(decision), decision]));
  }
}

function keyOf({ name, version }: ModelName): string {
  return `${name} ${version}`;
}

/** Versions are three numbers. */
function byVersion(one: string, other: string): number {
  const [a, b] = [one, other].map((version) => version.split(".").map(Number));
  for (let at = 0; at < 3; at += 1) {
    const difference = (a?.[at] ?? 0) - (b?.[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
