/** A point or direction in the patient coordinate system, millimetres (PS3.3 C.7.6.2.1.1: x to the left, y to posterior, z to the head). */
export type Vector = readonly [number, number, number];

export function cross([ax, ay, az]: Vector, [bx, by, bz]: Vector): Vector {
  return [ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx];
}

export function dot([ax, ay, az]: Vector, [bx, by, bz]: Vector): number {
  return ax * bx + ay * by + az * bz;
}

export function negate([x, y, z]: Vector): Vector {
  return [-x, -y, -z];
}

/** Three finite numbers, or nothing. */
export function vectorOf(values: readonly number[] | undefined): Vector | undefined {
  const [x, y, z] = values ?? [];
  return values?.length === 3 && [x, y, z].every(Number.isFinite) ? [x ?? 0, y ?? 0, z ?? 0] : undefined;
}
