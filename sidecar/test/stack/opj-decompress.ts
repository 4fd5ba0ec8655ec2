import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/**
 * Decodes an HTJ2K codestream with OpenJPEG, a decoder that shares nothing with ours.
 * @param level how many times the resolution is halved
 * @returns little-endian samples as `opj_decompress` writes `.rawl`: component by component
 */
export async function decodeIndependently(codestream: Uint8Array, level = 0): Promise<Buffer> {
  const directory = await mkdtemp(join(tmpdir(), "opj-"));
  try {
    const input = join(directory, "frame.j2k");
    const output = join(directory, "frame.rawl");
    await writeFile(input, codestream);
    await run("opj_decompress", ["-quiet", "-r", String(level), "-i", input, "-o", output]);
    return signExtended(await readFile(output), codestream);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** A `.rawl` file holds just the bits of the precision: a negative number lacks the ones before them. */
function signExtended(samples: Buffer, codestream: Uint8Array): Buffer {
  // Ssiz of the first component (ISO/IEC 15444-1 A.5.1): the sign, and the bits less one.
  const precision = codestream[42] ?? 0;
  const bits = (precision & 0x7f) + 1;
  if (precision < 0x80 || bits <= 8) return samples;
  const unused = 32 - bits;
  for (let at = 0; at < samples.byteLength; at += 2)
    samples.writeInt16LE((samples.readInt16LE(at) << unused) >> unused, at);
  return samples;
}

/** Colour by pixel from component by component. */
export function interleave(planar: Buffer, samplesPerPixel: number): Buffer {
  const pixels = planar.byteLength / samplesPerPixel;
  const interleaved = Buffer.alloc(planar.byteLength);
  for (let sample = 0; sample < samplesPerPixel; sample += 1) {
    for (let pixel = 0; pixel < pixels; pixel += 1)
      interleaved[pixel * samplesPerPixel + sample] = planar[sample * pixels + pixel] ?? 0;
  }
  return interleaved;
}
