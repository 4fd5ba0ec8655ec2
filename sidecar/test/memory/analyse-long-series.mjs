import { fileURLToPath } from "node:url";
import { DataSet } from "../../dist/dicom/data-set.js";
import { analyseSeries } from "../../dist/inference/analyse-series.js";
import { loadModel } from "../../dist/inference/model-registry.js";
import { openThreadEngine } from "../../dist/inference/engines/thread-engine.js";

/**
 * Analyses a series of 600 images of 512 × 512 pixels in this process and prints how much memory that took at most.
 * `real`: by the network of tumor_detection in two threads; `everything`: by one that sees a lesion and attention in
 * every pixel, which is the most that results can be.
 */
const SLICES = 600;
const SIZE = 512;
const everything = process.argv[2] === "everything";
const folder = fileURLToPath(new URL("../../models/tumor_detection", import.meta.url));
const shipped = await loadModel(folder);
const attention = {
  ...shipped.manifest.segments[0],
  output: "probability",
  channel: 0,
  minimum: 0.1,
};
const model = everything ? { ...shipped, manifest: { ...shipped.manifest, attention } } : shipped;

const seesEverything = {
  name: "sees everything",
  planesAtOnce: 16,
  infer: (_model, { rows, columns, planes }) =>
    Promise.resolve({
      outputs: [planes.map(() => new Float32Array(rows * columns).fill(1))],
      engine: "sees everything",
      modelMilliseconds: 0,
    }),
  close: () => Promise.resolve(),
};
const engine = everything
  ? seesEverything
  : await openThreadEngine({ kind: "tensorflow", threads: 2, models: [model] });

const tags = (index) => ({
  "0008,0016": "1.2.840.10008.5.1.4.1.1.4",
  "0008,0060": "MR",
  "0010,0010": "Memory^Test",
  "0010,0020": "MEMORY",
  "0018,0050": "0.4",
  "0020,000d": "1.2.1",
  "0020,000e": "1.2.2",
  "0020,0032": `-115\\-115\\${(index * 0.4).toFixed(1)}`,
  "0020,0037": "1\\0\\0\\0\\1\\0",
  "0020,0052": "1.2.3",
  "0028,0002": "1",
  "0028,0004": "MONOCHROME2",
  "0028,0010": String(SIZE),
  "0028,0011": String(SIZE),
  "0028,0030": "0.45\\0.45",
  "0028,0100": "16",
  "0028,0101": "12",
  "0028,0103": "0",
});
const instances = Array.from({ length: SLICES }, (_, index) => ({
  orthancId: String(index),
  sopInstanceUid: `1.2.4.${index}`,
  dataSet: DataSet.fromOrthancTags(
    Object.fromEntries(
      Object.entries(tags(index)).map(([tag, Value]) => [tag, { Name: "", Type: "String", Value }]),
    ),
  ),
}));

/** A bright ball in a grey head, drawn anew for each slice, as frames come from an archive. */
function draw(index) {
  const samples = new Uint16Array(SIZE * SIZE);
  for (let at = 0; at < samples.length; at++) {
    const [x, y, z] = [(at % SIZE) - 256, Math.floor(at / SIZE) - 256, (index - 300) * 0.9];
    const head = x * x + y * y + z * z;
    const ball = (x - 70) ** 2 + y * y + z * z;
    samples[at] =
      ball < 40 ** 2 ? 1400 : head < 180 ** 2 ? 650 + (at % 37) : head < 200 ** 2 ? 1000 : 10 + (at % 7);
  }
  return samples;
}

const begun = performance.now();
const outcome = await analyseSeries({
  model,
  engine,
  series: { studyInstanceUid: "1.2.1", seriesInstanceUid: "1.2.2" },
  instances,
  readFrame: (orthancId, _frameIndex, format) =>
    Promise.resolve({ ...format, samples: draw(Number(orthancId)) }),
  createdAt: new Date("2025-03-02T03:04:05Z"),
});
await engine.close();
const megabytes = (bytes) => Math.round((bytes ?? 0) / 1e6);
process.stdout.write(
  `${JSON.stringify({
    slices: SLICES,
    outcome: outcome.kind,
    volumeMl: outcome.segments?.[0]?.volumeMl,
    segmentationMegabytes: megabytes(outcome.segmentation?.bytes.length),
    attentionMegabytes: megabytes(outcome.attention?.bytes.length),
    peakMegabytes: Math.round((process.resourceUsage().maxRSS * 1024) / 1e6),
    seconds: Math.round((performance.now() - begun) / 1000),
  })}\n`,
);
