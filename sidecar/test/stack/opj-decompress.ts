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
    return await readFile(output);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
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
