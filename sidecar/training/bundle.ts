import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import type { ModelManifest } from "../src/inference/model-manifest.js";
import { CLIP, EXAMPLE_SIZE } from "./examples.js";
import type { Evaluation } from "./evaluate.js";
import type { TrainingPlan } from "./train.js";

const NOTICE = "Demonstration, not for clinical use";

/** Writes the manifest of a trained network; without figures it is the one that the evaluation runs with. */
export async function writeManifest(folder: string, evaluation: Evaluation | undefined): Promise<void> {
  const hash = async (path: string) => ({
    path,
    sha256: createHash("sha256")
      .update(await readFile(`${folder}/${path}`))
      .digest("hex"),
  });
  const manifest: ModelManifest = {
    $schema: "../manifest.schema.json",
    schemaVersion: 2,
    name: "tumor_detection",
    version: "1.0.0",
    title: "Brain lesion segmentation",
    notice: NOTICE,
    task: "segmentation",
    intendedUse:
      "Shows the path from an image to an AI result. Trained on synthetic phantoms only; it knows nothing of patients.",
    limitations: [
      "Phantoms are not patients: on a real MR its answer means nothing.",
      "It looks at each slice alone, and only at axial ones.",
      "Lesion is anything that looks like the phantoms' lesions; it tells no tumour from another.",
    ],
    regulatoryStatus: `No medical device. ${NOTICE}.`,
    card: "CARD.md",
    algorithmSource: "NeuroNova",
    procedure: { value: "25056-3", scheme: "LN", meaning: "MRI unspecified body region" },
    targetRegion: { value: "69536005", scheme: "SCT", meaning: "Head" },
    engine: "tensorflow",
    format: "tfjs-layers",
    files: { topology: await hash("model.json"), weights: await hash("weights.bin") },
    appliesTo: {
      modalities: ["MR"],
      bodyParts: ["BRAIN", "HEAD"],
      seriesDescription: "brain|head|\\bt1",
      excludedSeriesDescription: "locali[sz]er|scout|survey|flair|\\bt2|dwi|adc|\\bdti|swi|tof|perf|asl|bold",
      minimumSlices: 3,
    },
    preprocessing: {
      plane: "axial",
      pixelSpacingMm: 230.4 / EXAMPLE_SIZE,
      sizeMultiple: 16,
      units: "arbitrary",
      normalisation: { kind: "foreground-median", clip: CLIP },
    },
    network: {
      input: {
        name: "image",
        layout: "NHWC",
        type: "float32",
        range: CLIP,
        meaning: "Signal of T1-weighted MR; air is 0, the median of the foreground 1",
      },
      outputs: [
        {
          name: "probability",
          kind: "per-pixel",
          layout: "NHWC",
          channels: 1,
          range: [0, 1],
          meaning: ["Probability of lesion"],
        },
      ],
    },
    segments: [
      {
        number: 1,
        channel: 0,
        label: "Lesion",
        description: `Bright lesion of the brain. ${NOTICE}.`,
        category: { value: "49755003", scheme: "SCT", meaning: "Morphologically Abnormal Structure" },
        type: { value: "52988006", scheme: "SCT", meaning: "Lesion" },
        anatomicRegion: { value: "12738006", scheme: "SCT", meaning: "Brain" },
        colorRgb: [255, 94, 58],
        threshold: 0.5,
        minimumVolumeMl: 0.4,
      },
    ],
    scores: [],
    evaluation: {
      data: "Synthetic phantoms with seeds that training does not use, through the code that runs in production.",
      figures: { ...evaluation },
    },
  };
  await writeFile(`${folder}/manifest.json`, `${JSON.stringify(manifest, null, 2)}\n`);
}

export async function writeCard(folder: string, plan: TrainingPlan, evaluation: Evaluation): Promise<void> {
  const bytes = (await readFile(`${folder}/weights.bin`)).byteLength;
  await writeFile(`${folder}/CARD.md`, card(plan, evaluation, bytes));
}

function card(plan: TrainingPlan, figures: Evaluation, bytes: number): string {
  return `# tumor_detection 1.0.0

**${NOTICE}.** This network has never seen a patient. It was trained on synthetic brain phantoms, to show how an
image becomes an AI result. Written by \`npm run train -w sidecar -- tumor_detection\`; do not edit.

| what | value |
| --- | --- |
| task | segmentation of a bright lesion in contrast-enhanced T1-weighted axial brain MR |
| network | 2D U-Net, ${plan.base} filters at the top, ${plan.depth} levels down, ${Math.round(bytes / 1024)} KiB of weights |
| input | one axial slice at ${(230.4 / EXAMPLE_SIZE).toFixed(1)} mm, the median of the foreground brought to 1, clipped to ${CLIP.join(" … ")} |
| output | probability of lesion per pixel; from 0.5 on it is lesion; islands below 0.4 ml are dropped |
| training data | ${plan.heads} phantom heads, ${plan.slicesPerHead} slices of each, one head in five without lesion (\`sidecar/src/phantom/\`) |
| training | ${plan.steps} steps of ${plan.batch} crops of ${plan.crop} × ${plan.crop} pixels, Adam at ${plan.learningRate}, seed ${plan.seed}; weighted cross-entropy for ${plan.warmUpSteps} steps, then with soft Dice, the last third with more weight on precision |

## Evaluation
On phantoms with seeds that training does not use, acquired at three resolutions (256², 192² and 160² pixels of
0.9 to 1.44 mm, slices 4 to 6 mm apart) and run through the same code as in production (\`runModel\`):

| figure | value |
| --- | --- |
| Dice, pooled over ${figures.phantomsWithLesion} phantoms with a lesion | ${figures.pooledDice} |
| Dice, median of the phantoms | ${figures.medianDice} |
| lesions found (any overlap) | ${figures.lesionsFound} of ${figures.phantomsWithLesion} |
| mean absolute volume error | ${figures.meanVolumeErrorMl} ml |
| healthy phantoms in which something was "found" | ${figures.healthyWithFalsePositive} of ${figures.healthyPhantoms} |
| mean volume found in healthy phantoms | ${figures.falsePositiveMl} ml |

## Limits
- Phantoms are not patients: on a real MR its answer means nothing.
- It looks at each slice alone, and only at axial ones.
- "Lesion" is anything that looks like the phantoms' lesions; it tells no tumour from another.
`;
}
