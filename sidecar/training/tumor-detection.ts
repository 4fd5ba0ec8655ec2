import { loadModel } from "../src/inference/model-registry.js";
import { writeCard, writeManifest } from "./bundle.js";
import { evaluate } from "./evaluate.js";
import { train, type TrainingPlan } from "./train.js";

const PLAN: TrainingPlan = {
  seed: 1,
  base: 8,
  depth: 3,
  heads: 400,
  slicesPerHead: 8,
  batch: 8,
  crop: 96,
  steps: 3000,
  warmUpSteps: 400,
  learningRate: 1e-3,
};

/** @returns whether it is good enough to ship */
export async function tumorDetection(
  folder: string,
  onlyEvaluate: boolean,
  tell: (line: string) => void,
): Promise<boolean> {
  if (!onlyEvaluate) await train(PLAN, folder, tell);
  await writeManifest(folder, undefined);
  const figures = await evaluate(await loadModel(folder), { withLesion: 30, healthy: 20 }, tell);
  await writeManifest(folder, figures);
  await writeCard(folder, PLAN, figures);
  tell(JSON.stringify(figures, null, 2));
  return figures.pooledDice >= 0.85;
}
