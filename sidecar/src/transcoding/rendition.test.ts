import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { CODEC } from "./htj2k-codec.js";
import { Rendition } from "./open-rendition.js";
import { READABLE_FORMATS, RENDITION_FORMAT, packRendition } from "./rendition.js";

/** The attachment as it is read back. */
const packed = () => Buffer.concat(packRendition("codec 1", "file 1", frames));

const frames = [
  { codestream: Uint8Array.of(1, 2, 3), pixelSha256: "a" },
  { codestream: Uint8Array.of(4), pixelSha256: "b" },
];

test("frames come back by their number, from 1", () => {
  const rendition = Rendition.open(packed());
  expect(rendition.numberOfFrames).toBe(2);
  expect([...(rendition.frame(1) ?? [])]).toEqual([1, 2, 3]);
  expect([...(rendition.frame(2) ?? [])]).toEqual([4]);
  expect(rendition.frame(0)).toBeUndefined();
  expect(rendition.frame(3)).toBeUndefined();
});

test("a rendition that is not whole is refused", () => {
  const bytes = packed();
  expect(() => Rendition.open(bytes.subarray(0, -1))).toThrow("not whole");
  expect(() => Rendition.open(bytes.subarray(1))).toThrow("not an HTJ2K rendition");
  expect(() => Rendition.open(new Uint8Array())).toThrow("not an HTJ2K rendition");
});

test("a rendition of which one bit changed is refused", () => {
  const bytes = packed();
  bytes[bytes.byteLength - 1] = (bytes.at(-1) ?? 0) ^ 1;
  expect(() => Rendition.open(bytes)).toThrow("other bytes");
});

test("a rendition is of the file it was made of and of no other", () => {
  expect(Rendition.open(packed()).isOf("file 1")).toBe(true);
  expect(Rendition.open(packed()).isOf("file 2")).toBe(false);
});

test("a rendition of a format that is not read here is refused, whatever is in it", () => {
  const other = Buffer.from(
    packed().toString("latin1").replace(`{"format":${RENDITION_FORMAT},`, '{"format":9,'),
    "latin1",
  );
  expect(() => Rendition.open(other)).toThrow("is not a format that is read here");
  expect(READABLE_FORMATS.has(RENDITION_FORMAT)).toBe(true);
});

test("the codec named in renditions is the one that is installed", () => {
  const manifest = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
    dependencies: Record<string, string>;
  };
  expect(CODEC).toBe(
    `@cornerstonejs/codec-openjph ${manifest.dependencies["@cornerstonejs/codec-openjph"] ?? ""}`,
  );
});
