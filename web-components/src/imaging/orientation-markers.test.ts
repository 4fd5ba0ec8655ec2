import { expect, test } from "vitest";
import { orientationLetters } from "./orientation-markers.js";

test("right of an axial image is the patient's left, below is posterior", () => {
  expect(orientationLetters([1, 0, 0])).toBe("L");
  expect(orientationLetters([0, 1, 0])).toBe("P");
  expect(orientationLetters([0, 0, -1])).toBe("F");
});

test("an oblique direction has several letters, the stronger first", () => {
  expect(orientationLetters([-0.8, 0.6, 0])).toBe("RP");
  expect(orientationLetters([0.1, -0.995, 0])).toBe("A");
});
