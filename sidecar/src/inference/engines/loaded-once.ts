import { AnalysisError } from "../analysis-error.js";
import type { Model } from "../model-registry.js";

/** Models by their files and tensors: each is loaded once, and once more when that failed. */
export class LoadedOnce<Network> {
  private readonly networks = new Map<string, Promise<Network>>();

  constructor(private readonly load: (model: Model) => Promise<Network>) {}

  /** @throws AnalysisError `model-not-loadable` with what the library says */
  of(model: Model): Promise<Network> {
    const key = `${model.digest} ${JSON.stringify(model.manifest.network)}`;
    const known = this.networks.get(key);
    if (known !== undefined) return known;
    const loading = this.load(model).catch((error: unknown) => {
      this.networks.delete(key);
      if (error instanceof AnalysisError) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      throw new AnalysisError("model-not-loadable", `the model cannot be loaded: ${reason.slice(0, 300)}`);
    });
    this.networks.set(key, loading);
    return loading;
  }

  /** Empties it. @returns the networks that are loaded, for whoever frees them */
  async takeAll(): Promise<Network[]> {
    const all = [...this.networks.values()];
    this.networks.clear();
    const settled = await Promise.allSettled(all);
    return settled.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  }
}
