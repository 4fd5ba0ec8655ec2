/** A value within sequences of Orthanc's simplified tags, of the first item of each; undefined where there is none. */
export function readNested(tags: Record<string, unknown>, ...path: string[]): unknown {
  let value: unknown = tags;
  for (const keyword of path) {
    const [item] = Array.isArray(value) ? (value as unknown[]) : [value];
    if (typeof item !== "object" || item === null) return undefined;
    value = (item as Record<string, unknown>)[keyword];
  }
  return value;
}
