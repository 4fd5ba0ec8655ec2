import { expect, test } from "vitest";
import { greyLevels } from "./grey-levels.js";

const plain = { slope: 1, intercept: 0, inverted: false };

test("a linear window by PS3.3 C.11.2.1.2: 2048 and 4096 over twelve bits", () => {
  const window = { center: 2048, width: 4096, shape: "linear" } as const;
  expect([...greyLevels([0, 2048, 4095, -5, 9999], { ...plain, window })]).toEqual([0, 128, 255, 0, 255]);
});

test("the rescale comes first, and MONOCHROME1 is turned around", () => {
  const window = { center: 0, width: 2000, shape: "linear-exact" } as const;
  const samples = Uint16Array.of(24, 1024, 2024);
  const scale = { slope: 1, intercept: -1024, window, inverted: false };
  expect([...greyLevels(samples, scale)]).toEqual([0, 128, 255]);
  expect([...greyLevels(samples, { ...scale, inverted: true })]).toEqual([255, 127, 0]);
});

test("without a window all that is there is shown, one value too", () => {
  expect([...greyLevels(Int16Array.of(-100, 0, 100), plain)]).toEqual([0, 128, 255]);
  expect([...greyLevels(Int16Array.of(7, 7), plain)]).toHaveLength(2);
});

test("a sigmoid is half at its centre, a window of width 1 a step", () => {
  const sigmoid = { center: 50, width: 10, shape: "sigmoid" } as const;
  expect([...greyLevels([50], { ...plain, window: sigmoid })]).toEqual([128]);
  const step = { center: 50, width: 1, shape: "linear" } as const;
  expect([...greyLevels([49, 49.5, 50], { ...plain, window: step })]).toEqual([0, 0, 255]);
});
