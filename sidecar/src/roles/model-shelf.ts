import type { Logger } from "../log.js";
import { appliesTo, loadModels, type Model, type RefusedModel } from "../inference/model-registry.js";
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
