import { createHash } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import type { OrthancId } from "../dicom/uid.js";
import { CODEC, Htj2kCodec } from "./htj2k-codec.js";
import { Jpeg2000Codec } from "./jpeg2000-codec.js";
import { FrameRenderer } from "./render-frame.js";
import { packRendition } from "./rendition.js";
import { checkRendition, verifyRendition } from "./verify-rendition.js";

const format = {
  rows: 64,
  columns: 48,
  samplesPerPixel: 1,
  bitsAllocated: 16,
  bitsStored: 12,
  signed: false,
  photometricInterpretation: "MONOCHROME2",
};
const UNRECORDED = { fileUuid: "file 1", renditionMd5: null };
const recorded = (bytes: Uint8Array) => ({
  fileUuid: "file 1",
  renditionMd5: createHash("md5").update(bytes).digest("hex"),
});

let codec: Htj2kCodec;
let stored: Buffer;

/** A picture of two frames, so that the second one is read by its offset. */
async function rendition(seed: number): Promise<Buffer> {
  return Buffer.concat(packRendition(CODEC, "file 1", await framesOf(seed)));
}

async function framesOf(seed: number) {
  const renderer = await FrameRenderer.load(await Jpeg2000Codec.load());
  const frames = [];
  for (const frame of [0, 1]) {
    const samples = Uint16Array.from({ length: 64 * 48 }, (_, at) => (at * (frame + seed)) % 4096);
    const bytes = new Uint8Array(samples.buffer);
    frames.push(await renderer.render({ bytes, encoding: "samples", format }));
  }
  return frames;
}

beforeAll(async () => {
  codec = await Htj2kCodec.load();
  stored = await rendition(3);
});

describe("a stored rendition", () => {
  test("is good as it was attached", () => {
    expect(checkRendition(stored, recorded(stored), codec)).toEqual({ kind: "good", frames: 2 });
    expect(checkRendition(stored, UNRECORDED, codec)).toEqual({ kind: "good", frames: 2 });
  });

  test("is bad with any one byte of its codestreams another, also where no digest of it was recorded", () => {
    const start = 12 + stored.readUInt32LE(8);
    for (let at = start; at < stored.byteLength; at += 97) {
      const broken = Buffer.from(stored);
      broken[at] = (broken[at] ?? 0) ^ 0x55;
      expect(checkRendition(broken, recorded(stored), codec).kind).toBe("bad");
      expect(checkRendition(broken, UNRECORDED, codec).kind).toBe("bad");
    }
  });

  test("is bad when it is cut off, when its end is missing, and when it is of something else", async () => {
    expect(checkRendition(stored.subarray(0, -7), UNRECORDED, codec)).toMatchObject({ kind: "bad" });
    expect(checkRendition(Buffer.from("not a rendition"), UNRECORDED, codec)).toMatchObject({ kind: "bad" });
    const another = await rendition(5);
    expect(checkRendition(another, recorded(stored), codec)).toEqual({
      kind: "bad",
      reason: "its bytes are not those that were attached",
    });
    expect(checkRendition(stored, { fileUuid: "file 2", renditionMd5: null }, codec)).toEqual({
      kind: "bad",
      reason: "it was made of another file",
    });
  });

  test("is bad when it was attached as it is, but is not what it should have been", async () => {
    const [first, second] = await framesOf(3);
    if (first === undefined || second === undefined) throw new Error("two frames were made");
    const of = (changed: Partial<typeof second>) =>
      checkRendition(
        Buffer.concat(packRendition(CODEC, "file 1", [first, { ...second, ...changed }])),
        UNRECORDED,
        codec,
      );
    expect(of({ codestream: second.codestream.slice(0, -2) })).toEqual({
      kind: "bad",
      reason: "the codestream of frame 2: it ends within a tile-part",
    });
    expect(of({ codestream: first.codestream })).toEqual({
      kind: "bad",
      reason: "frame 2 does not decode to the pixels it was made of",
    });
  });

  test("that is missing is bad, unless its instance was deleted or overwritten meanwhile", async () => {
    const recorded = { orthancId: "id" as OrthancId, fileUuid: "file", renditionMd5: null };
    const archive = (fileUuid: string | null) => ({
      readRendition: () => Promise.resolve(null),
      fileUuid: () => Promise.resolve(fileUuid),
    });
    expect(await verifyRendition(recorded, archive("file"), codec)).toMatchObject({ kind: "bad" });
    expect(await verifyRendition(recorded, archive("another"), codec)).toEqual({ kind: "gone" });
    expect(await verifyRendition(recorded, archive(null), codec)).toEqual({ kind: "gone" });
  });
});
