import { beforeAll, describe, expect, test } from "vitest";
import type { PixelFormat } from "../dicom/frame.js";
import { parseCodestream } from "./codestream.js";
import { Htj2kCodec } from "./htj2k-codec.js";
import { insistOnRpcl } from "./rpcl-rules.js";

const format: PixelFormat = {
  rows: 150,
  columns: 300,
  samplesPerPixel: 1,
  bitsAllocated: 16,
  bitsStored: 12,
  signed: true,
  photometricInterpretation: "MONOCHROME2",
};
let codec: Htj2kCodec;
let bytes: Uint8Array;

beforeAll(async () => {
  codec = await Htj2kCodec.load();
  const samples = Int16Array.from({ length: 150 * 300 }, (_, index) => ((index * 37) % 4096) - 2048);
  bytes = codec.encode(new Uint8Array(samples.buffer), format, 12);
});

/** The codestream with some of its bytes replaced. */
function changed(at: number, ...values: number[]): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy.set(values, at);
  return copy;
}
const offsetOf = (...marker: number[]) => Buffer.from(bytes).indexOf(Buffer.from(marker));

test("the markers of what the codec writes say what was asked of it", () => {
  const codestream = insistOnRpcl(bytes);
  expect(codestream).toMatchObject({
    columns: 300,
    rows: 150,
    components: [{ bits: 12, signed: true }],
    progressionOrder: "RPCL",
    decompositionLevels: 3,
    highThroughput: true,
    reversible: true,
    multipleComponentTransform: false,
    tiles: 1,
  });
  expect(codestream.tileParts).toHaveLength(4);
  expect(codestream.tileParts.map(({ start, end }) => end - start)).toEqual(codestream.listedLengths);
  expect(codestream.tileParts.at(-1)?.end).toBe(bytes.byteLength - 2);
});

test.each([
  [1, 1],
  [1, 300],
  [300, 1],
  [64, 64],
  [65, 64],
  [3, 30_000],
])("an image of %i × %i keeps the rules of the transfer syntax", (rows, columns) => {
  const samples = new Uint8Array(rows * columns * 2);
  const encoded = codec.encode(samples, { ...format, rows, columns }, 12);
  expect(insistOnRpcl(encoded)).toMatchObject({ rows, columns });
});

describe("a codestream is refused", () => {
  test("when bytes are missing at its end, wherever it is cut", () => {
    for (let length = 0; length < bytes.byteLength; length += 101)
      expect(() => parseCodestream(bytes.subarray(0, length))).toThrow(
        expect.objectContaining({ name: "CodestreamError" }) as Error,
      );
    expect(() => parseCodestream(bytes.subarray(0, -1))).toThrow("ends within a tile-part");
    expect(() => parseCodestream(bytes.subarray(0, -2))).toThrow("ends within a tile-part");
  });
  test("when there are bytes behind its end", () => {
    expect(() => parseCodestream(Buffer.concat([bytes, Buffer.of(0, 0)]))).toThrow("EOC");
  });
  test("when it is something else", () => {
    expect(() => parseCodestream(Buffer.from("not an image at all"))).toThrow("SOC");
    expect(() => parseCodestream(new Uint8Array())).toThrow("SOC");
  });
  test("when its progression order is another", () => {
    expect(() => insistOnRpcl(changed(offsetOf(0xff, 0x52) + 5, 0))).toThrow("LRCP, not RPCL");
  });
  test("when its wavelet is not the reversible one", () => {
    expect(() => insistOnRpcl(changed(offsetOf(0xff, 0x52) + 13, 0))).toThrow("not reversible");
  });
  test("when its TLM marker lists another length", () => {
    const at = offsetOf(0xff, 0x55) + 4 + 2;
    expect(() => insistOnRpcl(changed(at + 5, (bytes[at + 5] ?? 0) ^ 1))).toThrow("TLM");
  });
  test("when its blocks are not high-throughput ones", () => {
    expect(() => insistOnRpcl(changed(offsetOf(0xff, 0x52) + 12, 0))).toThrow("high-throughput");
  });
});
