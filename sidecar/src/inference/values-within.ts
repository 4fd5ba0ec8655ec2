/** Whether all values lie in a range, ends included; NaN lies in none. A callback for each value would cost ten times as much. */
export function valuesWithin(values: Float32Array, [low, high]: readonly [number, number]): boolean {
  for (let at = 0; at < values.length; at++) {
    const value = values[at] ?? Number.NaN;
    if (!(value >= low && value <= high)) return false;
  }
  return true;
}
