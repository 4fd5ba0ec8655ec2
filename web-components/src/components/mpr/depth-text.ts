import type { MeasuredPlane } from "../../imaging/measured-plane.js";
import { cross } from "../../imaging/vector.js";

/** Letters of the patient's directions: towards more and less of x, y and z (PS3.3 C.7.6.2.1.1). */
const LETTERS = [
  ["L", "R"],
  ["P", "A"],
  ["H", "F"],
] as const;

/** Where a plane stands along the axis it stands across, with the letter of that direction: `H 22.0`, in millimetres. */
export function depthText({ view, depthMm }: Pick<MeasuredPlane, "view" | "depthMm">): string {
  const along = cross(view.right, view.down);
  const axis = along[0] !== 0 ? 0 : along[1] !== 0 ? 1 : 2;
  const place = depthMm * along[axis];
  return `${LETTERS[axis][place < 0 ? 1 : 0]} ${Math.abs(place).toFixed(1)}`;
}
