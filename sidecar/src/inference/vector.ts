/** Three numbers in the patient's system (PS3.3 C.7.6.2): x to the left, y to the back, z to the head. */
export type Vector = readonly [x: number, y: number, z: number];

export function dot(a: Vector, b: Vector): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

export function cross(a: Vector, b: Vector): Vector {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

export function minus(a: Vector, b: Vector): Vector {
  return [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
}

export function norm(a: Vector): number {
  return Math.sqrt(dot(a, a));
}

/** The numbers as a vector, from `start` on; undefined when there are not three. */
export function vectorAt(numbers: readonly number[], start: number): Vector | undefined {
  const [x, y, z] = numbers.slice(start, start + 3);
  return x === undefined || y === undefined || z === undefined ? undefined : [x, y, z];
}
