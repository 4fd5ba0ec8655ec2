import { fileURLToPath } from "node:url";
import { train } from "./train.js";

const folder = fileURLToPath(new URL("../../../models/tumor_detection", import.meta.url));
const tell = (line: string) => process.stdout.write(`${line}\n`);

await train(
  {
    seed: 1,
    base: 8,
    depth: 3,
    heads: Number(process.argv[2] ?? 400),
    slicesPerHead: 8,
    batch: 8,
    crop: 96,
    steps: Number(process.argv[3] ?? 2400),
    warmUpSteps: 400,
    learningRate: 1e-3,
  },
  process.argv[4] ?? folder,
  tell,
);
