import fc from "fast-check";
import { afterAll, expect } from "vitest";
import type { PixelFormat } from "../../src/dicom/frame.js";
import { DrawingThreads } from "../../src/roles/drawing-threads.js";
import { Jpeg2000Thread } from "../../src/roles/jpeg2000-thread.js";
import { CodestreamError, parseCodestream } from "../../src/transcoding/codestream.js";
import { FrameError } from "../../src/transcoding/frame-error.js";
import { CODEC, Htj2kCodec } from "../../src/transcoding/htj2k-codec.js";
import { FrameRenderer } from "../../src/transcoding/render-frame.js";
import { packRendition } from "../../src/transcoding/rendition.js";
import { checkRendition } from "../../src/transcoding/verify-rendition.js";
import { pydicomFile } from "../stack/pydicom-files.js";
import { fuzz } from "./fuzz.js";
import { mutated } from "./mutation.js";

const format: PixelFormat = {
  rows: 64,
  columns: 64,
  samplesPerPixel: 1,
  bitsAllocated: 16,
  bitsStored: 16,
  signed: true,
  photometricInterpretation: "MONOCHROME2",
};
/** Some changed frames never come back from a decoder; these are given up so early. */
const LONGEST_MILLISECONDS = 1_000;
const limits = (worker: string) => ({
  worker: new URL(`../../dist/roles/${worker}.worker.js`, import.meta.url),
  longestMilliseconds: LONGEST_MILLISECONDS,
});
const jpeg2000 = new Jpeg2000Thread(limits("jpeg2000"));
const painter = new DrawingThreads(limits("drawing"));
afterAll(() => Promise.all([jpeg2000.close(), painter.close()]));
const [htj2k, renderer] = await Promise.all([Htj2kCodec.load(), FrameRenderer.load(jpeg2000)]);
const samples = new Uint8Array(Int16Array.from({ length: 64 * 64 }, (_, at) => (at * 37) % 999).buffer);
const frame = await renderer.render({ bytes: samples, encoding: "samples", format });
const rendition = Buffer.concat(packRendition(CODEC, "uuid", [frame, frame]));
const jpeg2000File = await pydicomFile("MR_small_jp2klossless.dcm");
const codestream = jpeg2000File.subarray(
  jpeg2000File.indexOf(Buffer.from([0xff, 0x4f, 0xff, 0x51])),
  jpeg2000File.lastIndexOf(Buffer.from([0xff, 0xd9])) + 2,
);

/** Xsiz, Ysiz, XTsiz and YTsiz (ISO/IEC 15444-1 A.5.1): what a decoder takes memory for. */
const oversized = (original: Uint8Array) =>
  fc.nat(30_000).map((size) => {
    const bytes = Buffer.from(original);
    for (const at of [8, 12, 24, 28]) bytes.writeUInt32BE(size, at);
    return bytes;
  });

fuzz(
  "the markers of a changed codestream are read, or it is no codestream",
  mutated([frame.codestream, codestream]),
  (bytes) => {
    try {
      for (const { start, end } of parseCodestream(bytes).tileParts) {
        expect(start).toBeLessThan(end);
        expect(end).toBeLessThan(bytes.byteLength);
      }
    } catch (error) {
      if (!(error instanceof CodestreamError)) throw error;
    }
  },
);

fuzz(
  "a changed JPEG 2000 frame decodes to as many samples as the data set says, or cannot be rendered",
  fc.oneof(mutated([codestream]), oversized(codestream)),
  async (bytes) => {
    try {
      expect((await jpeg2000.decode(bytes, format)).byteLength).toBe(64 * 64 * 2);
    } catch (error) {
      if (!(error instanceof FrameError)) throw error;
    }
  },
);

fuzz(
  "a changed frame is drawn with as many samples as the data set says, or not",
  fc.oneof(
    fc
      .oneof(mutated([frame.codestream]), oversized(frame.codestream))
      .map((bytes) => ({ coding: "htj2k" as const, codestream: bytes })),
    fc
      .oneof(mutated([codestream]), oversized(codestream))
      .map((bytes) => ({ coding: "jpeg2000" as const, codestream: bytes })),
  ),
  async (each) => {
    const drawn = await painter.decode({ ...each, format });
    if (drawn !== null) expect(drawn.byteLength).toBe(64 * 64 * 2);
  },
);

fuzz("no changed rendition passes for a good one", mutated([rendition]), (bytes) => {
  const checked = checkRendition(bytes, { fileUuid: "uuid", renditionMd5: null }, htj2k);
  if (checked.kind === "good") expect(checked.frames).toBe(2);
});
