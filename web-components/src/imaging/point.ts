/**
 * A point of an image: column and row in pixels from the outer corner of its first pixel, whose middle is 0.5\0.5
 * (as SCOORD has them, PS3.3 C.18.6.1.1). On the screen: CSS pixels from the upper left of the viewport.
 */
export type Point = readonly [number, number];
