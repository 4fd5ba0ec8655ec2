import type { Logger } from "../log.js";
import type { ModelChoice } from "../ai-jobs/request-jobs.js";
import {
  appliesTo,
  loadModels,
  mayBeAskedFor,
  type Model,
  type RefusedModel,
} from "../inference/model-registry.js";
import type { SeriesDetails } from "../state/state.js";
import type { ModelCaption } from "../studies/study-details.js";

/** The model bundles of this process: which there are, which apply to a series, what people read about them. */
export class ModelShelf {
  private constructor(
    private readonly models: readonly Model[],
    private readonly refused: readonly RefusedModel[],
  ) {}

  static async load(directory: string, log: Logger): Promise<ModelShelf> {
    const { models, refused } = await loadModels(directory);
    for (const { folder, reason } of refused) log.error({ folder, reason }, "model refused");
    return new ModelShelf(models, refused);
  }

  find(name: string, version: string): Model | undefined {
    return this.models.find(({ manifest }) => manifest.name === name && manifest.version === version);
  }

  all(): readonly Model[] {
    return this.models;
  }

  readonly applicableTo = (
    series: Omit<SeriesDetails, "instances">,
    instanceCount: number,
  ): { name: string; version: string }[] =>
    this.models
      .filter((model) => appliesTo(model, { ...series, instanceCount }).applies)
      .map(({ manifest: { name, version } }) => ({ name, version }));

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
  readonly choice: ModelChoice = {
    find: ({ name, version }) => {
      const found = this.models
        .map(({ manifest }) => manifest)
        .filter((manifest) => manifest.name === name && (version ?? manifest.version) === manifest.version)
        .sort((a, b) => byVersion(a.version, b.version))
        .at(-1);
      return found === undefined ? null : { name: found.name, version: found.version };
    },
    refusal: ({ name, version }, series) => {
      const model = this.find(name, version);
      if (model === undefined) return "it is not installed any more";
      const decision = mayBeAskedFor(model, { ...series, instanceCount: framesOf(series) });
      return decision.applies ? null : decision.reason;
    },
  };

  list() {
    return {
      models: this.models.map(({ manifest: { name, version, title, notice, task, intendedUse } }) => ({
        name,
        version,
        title,
        notice,
        task,
        intendedUse,
      })),
      refused: this.refused,
    };
  }
}

function framesOf({ instances }: SeriesDetails): number {
  return instances.reduce((sum, { numberOfFrames }) => sum + numberOfFrames, 0);
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
