import { fileURLToPath } from "node:url";
import { loadModel } from "../src/inference/model-registry.js";
import { writeCard, writeManifest } from "./bundle.js";
import { evaluate } from "./evaluate.js";
import { train, type TrainingPlan } from "./train.js";

/** `node training/dist/training/main.js [evaluate] [FOLDER]`: trains and evaluates the demo model, or only evaluates. */
const onlyEvaluate = process.argv[2] === "evaluate";
const folder =
  process.argv[onlyEvaluate ? 3 : 2] ??
  fileURLToPath(new URL("../../../models/tumor_detection", import.meta.url));
const tell = (line: string) => process.stdout.write(`${line}\n`);

const plan: TrainingPlan = {
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

if (!onlyEvaluate) await train(plan, folder, tell);
await writeManifest(folder, undefined);
const figures = await evaluate(await loadModel(folder), { withLesion: 30, healthy: 20 }, tell);
await writeManifest(folder, figures);
await writeCard(folder, plan, figures);
tell(JSON.stringify(figures, null, 2));
if (figures.pooledDice < 0.85) {
  tell("the pooled Dice is below 0.85: the model is not good enough to ship");
  process.exitCode = 1;
}
