import { dot, type Vector } from "./vector.js";

const AXES: readonly { readonly axis: Vector; readonly positive: string; readonly negative: string }[] = [
  { axis: [1, 0, 0], positive: "L", negative: "R" },
  { axis: [0, 1, 0], positive: "P", negative: "A" },
  { axis: [0, 0, 1], positive: "H", negative: "F" },
];
/** Below this a direction has no noticeable part along an axis: about 20 degrees. */
const NOTICEABLE = 0.34;

/**
 * The letters for a direction on screen: the most important anatomical direction first, further ones for oblique
 * images (PS3.3 C.7.6.1.1.1).
 * @param direction unit vector in patient coordinates
 */
export function orientationLetters(direction: Vector): string {
  return AXES.map(({ axis, positive, negative }) => {
    const part = dot(direction, axis);
    return { part: Math.abs(part), letter: part > 0 ? positive : negative };
  })
    .filter(({ part }) => part > NOTICEABLE)
    .sort((a, b) => b.part - a.part)
    .map(({ letter }) => letter)
    .join("");
}
