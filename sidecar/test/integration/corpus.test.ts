import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { EventRecorder } from "../stack/event-recorder.js";
import { partsOf } from "../stack/multipart.js";
import { decodeIndependently, interleave } from "../stack/opj-decompress.js";
import { RunningStack } from "../stack/running-stack.js";

interface Prepared {
  readonly name: string;
  readonly file: string;
  readonly study: string;
  readonly series: string;
  readonly instance: string;
  /** SHA-256 of each frame's samples, from decoders that share nothing with ours. */
  readonly frames: string[] | null;
}
type Fate = { readonly name: string } & (
  { readonly fate: "rendered" | "refused" } | { readonly fate: "not-renderable"; readonly reason: string }
);

const HTJ2K = "multipart/related; type=application/octet-stream; transfer-syntax=*";
const run = promisify(execFile);

/** Files of every lossless kind: these have to be rendered, not merely explained. */
const MUST_RENDER = [
  "CT_small.dcm",
  "ExplVR_BigEnd.dcm",
  "GDCMJ2K_TextGBR.dcm",
  "MR_small.dcm",
  "MR_small_RLE.dcm",
  "MR_small_bigendian.dcm",
  "MR_small_expb.dcm",
  "MR_small_implicit.dcm",
  "MR_small_jp2klossless.dcm",
  "MR_small_jpeg_ls_lossless.dcm",
  "MR_small_padded.dcm",
  "SC_rgb_jpeg_dcmd.dcm",
  "SC_rgb_jpeg_gdcm.dcm",
  "SC_rgb_rle.dcm",
  "SC_rgb_rle_2frame.dcm",
  "SC_rgb_small_odd.dcm",
  "image_dfl.dcm",
  "multi-frame-signed.dcm",
  "odd-size.dcm",
  "one-pixel.dcm",
  "one-row.dcm",
  "overlay-in-pixels.dcm",
  ...[
    "u8-monochrome1",
    "u10",
    "u16",
    "s12",
    "wide",
    "cine",
    "enhanced-ct",
    "enhanced-mr",
    "implicit",
    "big-endian",
    "deflated",
    "rle",
    "jpeg-lossless",
    "jpeg-lossless-14",
    "jpeg-ls",
  ].map((name) => `synthetic-${name}.dcm`),
];
/** What is left as it is, and what is said about it. */
const MUST_LEAVE: readonly (readonly [string, string])[] = [
  ["synthetic-jpeg-ls-near.dcm", "lossy-capable"],
  ["synthetic-jpeg-extended.dcm", "lossy-capable"],
  ["JPEG2000.dcm", "lossy-capable"],
  ["JPEG-lossy.dcm", "lossy-capable"],
  ["synthetic-palette.dcm", "PALETTE COLOR"],
  ["synthetic-float.dcm", "floating-point"],
  ["synthetic-video.dcm", "video"],
];

let stack: RunningStack;
let events: EventRecorder;
let directory: string;
let corpus: Prepared[];
const fates: Fate[] = [];

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "corpus-"));
  const script = fileURLToPath(new URL("../corpus/prepare.py", import.meta.url));
  const [{ stdout }, running] = await Promise.all([
    run("/usr/bin/python3", ["-W", "ignore", script, directory], { maxBuffer: 64 * 1024 * 1024 }),
    RunningStack.start(),
  ]);
  corpus = JSON.parse(stdout) as Prepared[];
  stack = running;
  events = await stack.events();
  for (const prepared of corpus) fates.push(await fateOf(prepared));
});

afterAll(async () => {
  events.close();
  await stack.stop();
  await rm(directory, { recursive: true, force: true });
});

/** Stores a file by STOW-RS and follows it to its end. */
async function fateOf({ name, file, instance }: Prepared): Promise<Fate> {
  const stored = await stack.storeOverWeb([await readFile(file)]);
  await stored.arrayBuffer();
  if (!stored.ok) return { name, fate: "refused" };
  const ending = () =>
    events.events.find(
      ({ event, sopInstanceUid }) =>
        sopInstanceUid === instance &&
        (event === "instance.rendered" || event === "instance.not-renderable" || event === "instance.failed"),
    );
  await events.until(`end of ${name}`, () => ending() !== undefined, 30);
  if (ending()?.event === "instance.rendered") return { name, fate: "rendered" };
  expect(ending()?.event).toBe("instance.not-renderable");
  return { name, fate: "not-renderable", reason: String(ending()?.data["reason"]) };
}

test("real files of every kind end rendered, or not renderable for a reason, and crash nothing", async () => {
  expect(fates.length).toBeGreaterThan(60);
  expect(MUST_RENDER.filter((name) => fates.find((fate) => fate.name === name)?.fate !== "rendered")).toEqual(
    [],
  );
  for (const [name, reason] of MUST_LEAVE)
    expect(fates.find((fate) => fate.name === name)).toMatchObject({
      fate: "not-renderable",
      reason: expect.stringContaining(reason) as string,
    });
  for (const fate of fates)
    if (fate.fate === "not-renderable") expect(fate.reason.length).toBeGreaterThan(10);
  expect(Object.values(stack.local.processes).map(({ restarts }) => restarts)).toEqual(
    Object.values(stack.local.processes).map(() => 0),
  );
  const { failures } = await stack.json<{ failures: unknown[] }>("/api/failures");
  expect(failures).toEqual([]);
});

test("every frame of every rendition is, to an independent decoder, what an independent reader finds in the file", async () => {
  const rendered = corpus.filter(({ name }) => fates.find((fate) => fate.name === name)?.fate === "rendered");
  expect(rendered.length).toBeGreaterThanOrEqual(MUST_RENDER.length);
  for (const { name, study, series, instance, frames } of rendered) {
    expect(frames, `${name} has no reference`).not.toBeNull();
    const numbers = (frames ?? []).map((_, index) => index + 1).join(",");
    const path = `/dicom-web/studies/${study}/series/${series}/instances/${instance}/frames/${numbers}`;
    const response = await stack.fetch(path, { headers: { Accept: HTJ2K } });
    const parts = partsOf(
      response.headers.get("content-type") ?? "",
      Buffer.from(await response.arrayBuffer()),
    );
    const hashes = await Promise.all(
      parts.map(async ({ headers, body }) => {
        expect(headers).toContain("transfer-syntax=1.2.840.10008.1.2.4.202");
        const decoded = await decodeIndependently(body);
        const samples = componentsOf(body) === 3 ? interleave(decoded, 3) : decoded;
        return createHash("sha256").update(samples).digest("hex");
      }),
    );
    expect(hashes, name).toEqual(frames);
  }
});

test("a file that cannot be rendered is served as it is", async () => {
  const lossy = corpus.find(({ name }) => name === "JPEG2000.dcm");
  const path = `/dicom-web/studies/${lossy?.study ?? ""}/series/${lossy?.series ?? ""}/instances/${lossy?.instance ?? ""}/frames/1`;
  const response = await stack.fetch(path, { headers: { Accept: HTJ2K } });
  expect(response.status).toBe(200);
  const [part] = partsOf(
    response.headers.get("content-type") ?? "",
    Buffer.from(await response.arrayBuffer()),
  );
  expect(part?.headers).toContain("1.2.840.10008.1.2.4.91");
});

/** Csiz of the SIZ marker segment (ISO/IEC 15444-1 A.5.1). */
function componentsOf(codestream: Buffer): number {
  return codestream.readUInt16BE(40);
}
