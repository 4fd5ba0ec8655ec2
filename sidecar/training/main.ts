import { fileURLToPath } from "node:url";
import { strokeRisk } from "./stroke-risk.js";
import { tumorDetection } from "./tumor-detection.js";

const MODELS = { tumor_detection: tumorDetection, stroke_risk: strokeRisk } as const;

/**
 * `npm run train -w sidecar -- MODEL [evaluate] [FOLDER]`: trains and evaluates a demo model, or only evaluates it. The
 * same source gives the same weights on the same kind of processor.
 */
const [name = "", ...rest] = process.argv.slice(2);
const onlyEvaluate = rest[0] === "evaluate";
const make = Object.entries(MODELS).find(([model]) => model === name)?.[1];
if (make === undefined) throw new Error(`which model: ${Object.keys(MODELS).join(" or ")}`);
const folder =
  rest[onlyEvaluate ? 1 : 0] ?? fileURLToPath(new URL(`../../../models/${name}`, import.meta.url));
if (!(await make(folder, onlyEvaluate, (line) => process.stdout.write(`${line}\n`)))) {
  process.stdout.write("the model is not good enough to ship\n");
  process.exitCode = 1;
}
