import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { CODEC } from "./htj2k-codec.js";
import { Rendition } from "./open-rendition.js";
import { packRendition } from "./rendition.js";

const frames = [
  { codestream: Uint8Array.of(1, 2, 3), pixelSha256: "a" },
  { codestream: Uint8Array.of(4), pixelSha256: "b" },
];

test("frames come back by their number, from 1", () => {
  const rendition = Rendition.open(packRendition("codec 1", "file 1", frames));
  expect(rendition.numberOfFrames).toBe(2);
  expect([...(rendition.frame(1) ?? [])]).toEqual([1, 2, 3]);
  expect([...(rendition.frame(2) ?? [])]).toEqual([4]);
  expect(rendition.frame(0)).toBeUndefined();
  expect(rendition.frame(3)).toBeUndefined();
});

test("a rendition that is not whole is refused", () => {
  const bytes = packRendition("codec 1", "file 1", frames);
  expect(() => Rendition.open(bytes.subarray(0, -1))).toThrow("not whole");
  expect(() => Rendition.open(bytes.subarray(1))).toThrow("not an HTJ2K rendition");
  expect(() => Rendition.open(new Uint8Array())).toThrow("not an HTJ2K rendition");
});

test("a rendition of which one bit changed is refused", () => {
  const bytes = packRendition("codec 1", "file 1", frames);
  bytes[bytes.byteLength - 1] = (bytes.at(-1) ?? 0) ^ 1;
  expect(() => Rendition.open(bytes)).toThrow("other bytes");
});

test("the codec named in renditions is the one that is installed", () => {
  const manifest = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
    dependencies: Record<string, string>;
  };
  expect(CODEC).toBe(
    `@cornerstonejs/codec-openjph ${manifest.dependencies["@cornerstonejs/codec-openjph"] ?? ""}`,
  );
});
