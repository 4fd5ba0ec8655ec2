import type { Point } from "../../imaging/screen-map.js";

/** Where a pointer is in the element that listens to it, CSS pixels. */
export function pointerPlace(event: PointerEvent): Point {
  const { left, top } = (event.currentTarget as HTMLElement).getBoundingClientRect();
  return [event.clientX - left, event.clientY - top];
}
