import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bytesOf } from "./kinds.mjs";

const SELF = fileURLToPath(import.meta.url);
const WARM_UP_FRAMES = 20;

/**
 * CPU-seconds of one thread that encodes, decodes and compares the frames with the codec and nothing else.
 *
 * @param {readonly { bytes: Uint8Array }[]} images whose last bytes are the samples
 * @param {import("./kinds.mjs").Kind} kind
 */
export async function bareCodec(images, kind) {
  const directory = mkdtempSync(join(tmpdir(), "neuronova-codec-"));
  try {
    const frames = join(directory, "frames");
    writeFileSync(frames, Buffer.concat(images.map(({ bytes }) => bytes.subarray(-bytesOf(kind)))));
    return await inChild([SELF, frames, JSON.stringify(kind)]);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** @param {string[]} args @returns {Promise<number>} */
function inChild(args) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
    let output = "";
    child.stdout.on("data", (data) => (output += data));
    child.once("exit", (code) =>
      code === 0 ? resolve(Number(output)) : reject(new Error("the bare codec failed")),
    );
  });
}

/** @param {any} codec @param {Uint8Array} samples @param {import("./kinds.mjs").Kind} kind */
function encodeDecodeCompare(codec, samples, { rows, columns, samplesPerPixel, bitsStored }) {
  const encoder = new codec.HTJ2KEncoder();
  const info = {
    width: columns,
    height: rows,
    bitsPerSample: bitsStored,
    componentCount: samplesPerPixel,
    isSigned: false,
    isUsingColorTransform: samplesPerPixel === 3,
  };
  encoder.getDecodedBuffer(info).set(samples);
  encoder.setDecompositions(Math.ceil(Math.log2(Math.max(rows, columns) / 64)));
  encoder.setQuality(true, 0);
  encoder.setProgressionOrder(2);
  encoder.setTLMMarker(true);
  encoder.setTilePartDivisionsAtResolutions(true);
  encoder.encode();
  const codestream = encoder.getEncodedBuffer().slice();
  encoder.delete();
  const decoder = new codec.HTJ2KDecoder();
  decoder.getEncodedBuffer(codestream.length).set(codestream);
  decoder.decode();
  if (Buffer.compare(decoder.getDecodedBuffer(), samples) !== 0)
    throw new Error("the bare codec does not decode what it encoded");
  decoder.delete();
}

if (process.argv[1] === SELF) {
  const codec = await createRequire(import.meta.url)("@cornerstonejs/codec-openjph")();
  const [, , file = "", kind = ""] = process.argv;
  const parsed = /** @type {import("./kinds.mjs").Kind} */ (JSON.parse(kind));
  const bytes = readFileSync(file);
  const length = bytesOf(parsed);
  const count = bytes.length / length;
  /** @param {number} index */
  const run = (index) =>
    encodeDecodeCompare(codec, bytes.subarray(index * length, (index + 1) * length), parsed);
  for (let index = 0; index < Math.min(count, WARM_UP_FRAMES); index += 1) run(index);
  const before = process.cpuUsage();
  for (let index = 0; index < count; index += 1) run(index);
  const { user, system } = process.cpuUsage(before);
  process.stdout.write(String((user + system) / 1e6));
}
