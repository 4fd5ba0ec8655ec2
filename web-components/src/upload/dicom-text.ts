/** Terms of Specific Character Set (0008,0005), PS3.3 C.12.1.1.2, and what browsers call them. */
const LABELS: Readonly<Record<string, string>> = {
  "6": "us-ascii",
  "192": "utf-8",
  "100": "iso-8859-1",
  "101": "iso-8859-2",
  "109": "iso-8859-3",
  "110": "iso-8859-4",
  "144": "iso-8859-5",
  "127": "iso-8859-6",
  "126": "iso-8859-7",
  "138": "iso-8859-8",
  "148": "windows-1254",
  "203": "iso-8859-15",
  "166": "windows-874",
  "13": "shift_jis",
  "149": "euc-kr",
  "58": "gbk",
  "87": "iso-2022-jp",
  "159": "iso-2022-jp",
};
/** Escape sequences into sets that the decoder above has in its upper half anyway (PS3.3 table C.12-4). */
// eslint-disable-next-line no-control-regex
const INTO_UPPER_HALF = /\x1b\$\)[AC]/g;

/**
 * Text for people to recognise a patient by, as Specific Character Set says.
 *
 * @param terms as in the file, `\` between them; empty where the file has none
 * @returns undefined when the bytes are not text of that set, or the set is not known here
 */
export function dicomText(bytes: Uint8Array, terms: string): string | undefined {
  const latin = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  if (/^[\x20-\x7e\0]*$/.test(latin)) return latin.replaceAll("\0", "").trim();
  const names = terms
    .split("\\")
    .map((term) => term.trim())
    .filter((term) => term !== "");
  const label = names[0] === "GB18030" || names[0] === "GBK" ? "gb18030" : labelOf(names);
  if (label === undefined) return undefined;
  const plain = latin.replaceAll(INTO_UPPER_HALF, "");
  if (plain.includes("\x1b") && label !== "iso-2022-jp") return undefined;
  try {
    const decoder = new TextDecoder(label, { fatal: true });
    return decoder.decode(Uint8Array.from(plain, (character) => character.charCodeAt(0))).trim();
  } catch {
    return undefined;
  }
}

/** The set of several bytes, if one is named: the others are in its lower half. */
function labelOf(names: readonly string[]): string | undefined {
  const numbers = names.map((name) => /^ISO(?:_IR| 2022 IR) (\d+)$/.exec(name)?.[1] ?? "");
  const several = numbers.find((number) => /^(?:149|58|87|159)$/.test(number));
  return LABELS[several ?? numbers[0] ?? ""];
}
