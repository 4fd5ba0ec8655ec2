/**
 * The slice to show, from 0: the one with the largest labelled area, else the one where the model looked most, else the
 * middle one. Of several the first.
 * @param labels rows × columns Segment Numbers of each slice, 0 for none; may be empty
 * @param attention rows × columns, 0 to 255, of each slice
 */
export function keySlice(
  slices: number,
  labels: readonly Uint8Array[],
  attention: readonly Uint8Array[] | undefined,
): number {
  const labelled = labels.map((plane) => plane.reduce((sum, label) => sum + (label === 0 ? 0 : 1), 0));
  const looked = (attention ?? []).map((plane) => plane.reduce((sum, value) => sum + value, 0));
  for (const counts of [labelled, looked]) {
    const most = Math.max(0, ...counts);
    if (most > 0) return counts.indexOf(most);
  }
  return Math.floor(slices / 2);
}
