/** Attributes in the DICOM JSON Model (PS3.18 F), by tag. */
export type DicomJson = Readonly<
  Record<string, { readonly vr: string; readonly Value?: readonly unknown[] } | undefined>
>;

/** The first value as text. */
export function textOf(attributes: DicomJson, tag: string): string | undefined {
  const value = attributes[tag]?.Value?.[0];
  if (typeof value === "object" && value !== null) {
    const { Alphabetic = "", Ideographic = "", Phonetic = "" } = value as Record<string, string>;
    return [Alphabetic, Ideographic, Phonetic].join("=").replace(/=+$/, "");
  }
  return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
}

/** All values as numbers. */
export function numbersOf(attributes: DicomJson, tag: string): number[] | undefined {
  return attributes[tag]?.Value?.map(Number);
}

/** The items of a sequence. */
export function itemsOf(attributes: DicomJson, tag: string): DicomJson[] {
  const { vr, Value = [] } = attributes[tag] ?? {};
  return vr === "SQ" ? (Value as DicomJson[]) : [];
}
