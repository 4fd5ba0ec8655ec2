import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import type { ModelManifest } from "../src/inference/model-manifest.js";
import type { StrokeEvaluation } from "./evaluate-stroke.js";
import { CT_SIZE, CT_SPACING_MM, STRIDE, WINDOW } from "./stroke-examples.js";
import type { StrokeTrainingPlan } from "./train-stroke.js";

const NOTICE = "Demonstration, not for clinical use";
const SCHEME = "99NEURONOVA";
/** Slices whose mean is the score: a stroke is seen in more than one. */
const SLICES_COUNTED = 3;
/** Lower ends of the bands "moderate" and "high". */
export const BANDS = [0.2, 0.6] as const;

type Score = ModelManifest["scores"][number];

/** Writes the manifest of a trained network; without figures it is the one that the evaluation runs with. */
export async function writeStrokeManifest(
  folder: string,
  calibration: Score["calibration"],
  evaluation: StrokeEvaluation | undefined,
): Promise<void> {
  const hash = async (path: string) => ({
    path,
    sha256: createHash("sha256")
      .update(await readFile(`${folder}/${path}`))
      .digest("hex"),
  });
  const { reliability, ...figures } = evaluation ?? {};
  const manifest: ModelManifest = {
    $schema: "../manifest.schema.json",
    schemaVersion: 2,
    name: "stroke_risk",
    version: "1.0.0",
    title: "Head CT stroke risk",
    notice: NOTICE,
    task: "risk-score",
    intendedUse:
      "Shows the path from an image to a risk score with an attention map. Trained on synthetic phantoms only; it knows nothing of patients.",
    limitations: [
      "Phantoms are not patients: on a real CT its answer means nothing.",
      "It looks at each slice alone, and only at axial ones without contrast medium.",
      "The score is calibrated to phantoms of which every second has a stroke; no population has that.",
      "Attention shows which cells of the map made the score; it outlines nothing.",
    ],
    regulatoryStatus: `No medical device. ${NOTICE}.`,
    card: "CARD.md",
    algorithmSource: "NeuroNova",
    procedure: { value: "30799-1", scheme: "LN", meaning: "CT Head WO contrast" },
    targetRegion: { value: "69536005", scheme: "SCT", meaning: "Head" },
    engine: "tensorflow",
    format: "tfjs-layers",
    files: { topology: await hash("model.json"), weights: await hash("weights.bin") },
    appliesTo: {
      modalities: ["CT"],
      bodyParts: ["HEAD", "BRAIN"],
      seriesDescription: "head|brain|cranial|skull",
      excludedSeriesDescription: "locali[sz]er|scout|topogram|angio|\\bcta\\b|perf|bone|contrast|\\bc\\+",
      minimumSlices: 3,
      pixelSpacingMm: { maximum: 3 },
      sliceSpacingMm: { maximum: 10 },
    },
    preprocessing: {
      plane: "axial",
      pixelSpacingMm: CT_SPACING_MM,
      sizeMultiple: STRIDE,
      units: "HU",
      normalisation: { kind: "window", ...WINDOW, range: [0, 1] },
    },
    network: {
      input: {
        name: "image",
        layout: "NHWC",
        type: "float32",
        range: [0, 1],
        meaning: `Hounsfield units, ${WINDOW.centre - WINDOW.width / 2} as 0 to ${WINDOW.centre + WINDOW.width / 2} as 1`,
      },
      outputs: [
        {
          name: "risk",
          kind: "vector",
          layout: "NC",
          channels: 1,
          range: [0, 1],
          meaning: ["Greatest evidence of a stroke in the slice"],
        },
        {
          name: "evidence",
          kind: "map",
          layout: "NHWC",
          stride: STRIDE,
          channels: 1,
          range: [0, 1],
          meaning: ["Evidence of a stroke in the cell"],
        },
      ],
    },
    segments: [],
    scores: [
      {
        name: "stroke",
        title: "Probability of stroke",
        code: { value: "stroke-prob", scheme: SCHEME, meaning: "Probability of acute stroke" },
        output: "risk",
        channel: 0,
        aggregation: { kind: "mean-of-highest", slices: SLICES_COUNTED },
        calibration,
        range: [0, 1],
        meaning: "0 is no sign of an infarct or a haemorrhage, 1 is certain. Demonstration only",
        bands: [
          { from: 0, label: "Low", code: { value: "62482003", scheme: "SCT", meaning: "Low" } },
          {
            from: BANDS[0],
            label: "Moderate",
            code: { value: "6736007", scheme: "SCT", meaning: "Moderate" },
          },
          { from: BANDS[1], label: "High", code: { value: "75540009", scheme: "SCT", meaning: "High" } },
        ],
      },
    ],
    attention: {
      output: "evidence",
      channel: 0,
      minimum: 0.1,
      label: "Attention",
      description: `Where the network saw evidence of a stroke. ${NOTICE}.`,
      category: { value: "309825002", scheme: "SCT", meaning: "Spatial and Relational Concept" },
      type: { value: "111099", scheme: "DCM", meaning: "Selected region" },
      anatomicRegion: { value: "12738006", scheme: "SCT", meaning: "Brain" },
      colorRgb: [255, 176, 0],
    },
    evaluation: {
      data: "Synthetic phantoms with seeds that neither training nor calibration use, through the code that runs in production.",
      figures,
      reliability: reliability === undefined ? undefined : [...reliability],
    },
  };
  await writeFile(`${folder}/manifest.json`, `${JSON.stringify(manifest, null, 2)}\n`);
}

export async function writeStrokeCard(
  folder: string,
  plan: StrokeTrainingPlan,
  calibration: NonNullable<Score["calibration"]>,
  evaluation: StrokeEvaluation,
): Promise<void> {
  const bytes = (await readFile(`${folder}/weights.bin`)).byteLength;
  await writeFile(`${folder}/CARD.md`, card(plan, calibration, evaluation, bytes));
}

function card(
  plan: StrokeTrainingPlan,
  { slope, intercept }: NonNullable<Score["calibration"]>,
  figures: StrokeEvaluation,
  bytes: number,
): string {
  const share = (value: number | null) => (value === null ? "–" : value.toFixed(3));
  return `# stroke_risk 1.0.0

**${NOTICE}.** This network has never seen a patient. It was trained on synthetic head CT phantoms, to show how an image
becomes a risk score and an attention map. Written by \`npm run train -w sidecar -- stroke_risk\`; do not edit.

| what | value |
| --- | --- |
| task | probability that a head CT without contrast medium shows an infarct or a haemorrhage |
| network | convolutions and two poolings down to a map, ${plan.base} filters at the top, ${Math.round(bytes / 1024)} KiB of weights; the greatest value of the map is the slice's |
| input | one axial slice at ${CT_SPACING_MM.toFixed(1)} mm, ${WINDOW.centre - WINDOW.width / 2} to ${WINDOW.centre + WINDOW.width / 2} HU brought to 0 to 1 |
| score | mean of the ${SLICES_COUNTED} highest slices, calibrated: log odds × ${slope} + ${intercept} |
| bands | low below ${BANDS[0]}, moderate below ${BANDS[1]}, high from there on |
| attention | the map, brought to the images' grid, as FRACTIONAL segmentation; cells of ${(STRIDE * CT_SPACING_MM).toFixed(1)} mm; below 0.1 nothing is written |
| training data | ${plan.heads} phantom heads, ${plan.slicesPerHead} slices of each at ${CT_SIZE} × ${CT_SIZE} pixels, every second head healthy (\`sidecar/src/phantom/ct-head.ts\`) |
| training | ${plan.steps} steps of ${plan.batch} slices, Adam at ${plan.learningRate}, seed ${plan.seed}; weighted cross-entropy over the cells of the map |
| calibration | logistic, on ${figures.calibrationPhantoms} other phantoms |

## Evaluation
On ${figures.phantoms} phantoms with seeds that neither training nor calibration use, half of them with a stroke, acquired
at two resolutions and run through the same code as in production (\`runModel\`):

| figure | value |
| --- | --- |
| area under the ROC curve (AUROC) | ${figures.auroc} |
| Brier score | ${figures.brier} |
| expected calibration error (ECE, 5 bins) | ${figures.expectedCalibrationError} |
| strokes scored ${BANDS[1]} or more | ${figures.strokesHigh} of ${figures.withStroke} |
| of them haemorrhages | ${figures.haemorrhagesHigh} of ${figures.withHaemorrhage} |
| healthy phantoms scored ${BANDS[1]} or more | ${figures.healthyHigh} of ${figures.phantoms - figures.withStroke} |
| attention's highest cell within the stroke | ${figures.attentionInStroke} of ${figures.strokesHigh} |

Reliability:

| score | phantoms | mean score | share with a stroke |
| --- | --- | --- | --- |
${figures.reliability.map(({ from, to, count, meanPredicted, observed }) => `| ${from} to ${to} | ${count} | ${share(meanPredicted)} | ${share(observed)} |`).join("\n")}

## Limits
- Phantoms are not patients: on a real CT its answer means nothing.
- It looks at each slice alone, and only at axial ones without contrast medium.
- The score is calibrated to phantoms of which every second has a stroke; no population has that.
- Attention shows which cells of the map made the score; it outlines nothing.
`;
}
