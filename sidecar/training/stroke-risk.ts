import { writeFile } from "node:fs/promises";
import { inProcessEngine } from "../src/inference/engines/in-process-engine.js";
import { loadModel } from "../src/inference/model-registry.js";
import { TensorflowRuntime } from "../src/inference/engines/tensorflow-runtime.js";
import { fitCalibration, scorePhantoms, summariseStrokes } from "./evaluate-stroke.js";
import { BANDS, writeStrokeCard, writeStrokeManifest } from "./stroke-bundle.js";
import { trainStroke, type StrokeTrainingPlan } from "./train-stroke.js";

const PLAN: StrokeTrainingPlan = {
  seed: 1,
  base: 8,
  heads: 500,
  slicesPerHead: 8,
  batch: 16,
  steps: 1000,
  learningRate: 2e-3,
  strokeWeight: 3,
};
/** Far from every seed of training, and from each other. */
const CALIBRATION = { firstSeed: 8_000_000, phantoms: 50 };
const EVALUATION = { firstSeed: 9_000_000, phantoms: 80 };

/** @returns whether it is good enough to ship */
export async function strokeRisk(
  folder: string,
  onlyEvaluate: boolean,
  tell: (line: string) => void,
): Promise<boolean> {
  if (!onlyEvaluate) await trainStroke(PLAN, folder, tell);
  await writeFile(`${folder}/CARD.md`, "", { flag: "a" });
  await writeStrokeManifest(folder, undefined, undefined);
  const engine = inProcessEngine(await TensorflowRuntime.start());
  const raw = await scorePhantoms(
    await loadModel(folder),
    engine,
    CALIBRATION.firstSeed,
    CALIBRATION.phantoms,
    tell,
  );
  const calibration = fitCalibration(raw);
  await writeStrokeManifest(folder, calibration, undefined);
  const cases = await scorePhantoms(
    await loadModel(folder),
    engine,
    EVALUATION.firstSeed,
    EVALUATION.phantoms,
    tell,
  );
  await engine.close();
  const figures = summariseStrokes(cases, raw.length, BANDS[1]);
  await writeStrokeManifest(folder, calibration, figures);
  await writeStrokeCard(folder, PLAN, calibration, figures);
  tell(JSON.stringify({ calibration, ...figures }, null, 2));
  return figures.auroc >= 0.9;
}
