import { TextDecoder } from "node:util";

/**
 * Text by Specific Character Set (0008,0005), PS3.3 C.12.1.1.2, PS3.5 6.1. Strict: bytes that have no one meaning
 * give nothing at all, because who a patient is must not be guessed.
 */

const ESCAPE = 0x1b;
const BACKSLASH = 0x5c;

/** Sets that stand alone; "ISO 2022 IR n" names the same as "ISO_IR n" when nothing is switched. */
const WITHOUT_EXTENSIONS: Readonly<Record<string, string>> = {
  "ISO_IR 192": "utf-8",
  GB18030: "gb18030",
  GBK: "gbk",
};

/** What is in the upper half (G1) at first, by the first defined term. */
const UPPER_HALF: Readonly<Record<string, string>> = {
  "ISO_IR 100": "iso-8859-1",
  "ISO_IR 101": "iso-8859-2",
  "ISO_IR 109": "iso-8859-3",
  "ISO_IR 110": "iso-8859-4",
  "ISO_IR 144": "iso-8859-5",
  "ISO_IR 127": "iso-8859-6",
  "ISO_IR 126": "iso-8859-7",
  "ISO_IR 138": "iso-8859-8",
  "ISO_IR 148": "iso-8859-9",
  "ISO_IR 203": "iso-8859-15",
  "ISO_IR 166": "windows-874",
  "ISO_IR 13": "shift_jis",
};

/** Escape sequences of PS3.3 tables C.12-3 and C.12-4, without ESC: which half they set, and to what. */
const ESCAPES: Readonly<Record<string, readonly ["lower" | "upper", string]>> = {
  "(B": ["lower", "ascii"],
  "(J": ["lower", "ascii"], // ISO-IR 14 differs in the yen sign and the overline alone
  ")I": ["upper", "shift_jis"],
  $B: ["lower", "jis-x-0208"],
  "$(D": ["lower", "jis-x-0212"],
  "$)C": ["upper", "euc-kr"],
  "$)A": ["upper", "gbk"],
  "-A": ["upper", "iso-8859-1"],
  "-B": ["upper", "iso-8859-2"],
  "-C": ["upper", "iso-8859-3"],
  "-D": ["upper", "iso-8859-4"],
  "-L": ["upper", "iso-8859-5"],
  "-G": ["upper", "iso-8859-6"],
  "-F": ["upper", "iso-8859-7"],
  "-H": ["upper", "iso-8859-8"],
  "-M": ["upper", "iso-8859-9"],
  "-T": ["upper", "windows-874"],
  "-b": ["upper", "iso-8859-15"],
};
const TWO_BYTES: ReadonlySet<string> = new Set(["jis-x-0208", "jis-x-0212", "euc-kr", "gbk"]);

/**
 * Decodes a value of VR LO, SH or LT.
 * @param terms the values of Specific Character Set; empty when the data set has none
 * @returns undefined when the bytes do not belong to the character set, or the character set is not known
 */
export function decodeText(bytes: Uint8Array, terms: readonly string[]): string | undefined {
  if (isPlain(bytes)) return Buffer.from(bytes).toString("latin1");
  const [first = "", ...others] = terms;
  const term = first.replace(/^ISO 2022 IR /, "ISO_IR ");
  const alone = WITHOUT_EXTENSIONS[term];
  if (alone !== undefined) return others.length === 0 ? decode(alone, bytes) : undefined;
  const upper = term === "" || term === "ISO_IR 6" ? undefined : UPPER_HALF[term];
  const startsTwoByte = /^ISO_IR (?:87|159|149|58)$/.test(term);
  if (term !== "" && term !== "ISO_IR 6" && upper === undefined && !startsTwoByte) return undefined;
  return decodeSwitching(bytes, upper);
}

/** Printable ASCII means the same in every defined term. */
function isPlain(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte >= 0x20 && byte < 0x7f);
}

/** ISO 2022 code extension (PS3.5 6.1.2.5): halves are switched by escape sequences, and reset at a backslash. */
function decodeSwitching(bytes: Uint8Array, firstUpper: string | undefined): string | undefined {
  let [lower, upper]: [string, string | undefined] = ["ascii", firstUpper];
  let text = "";
  for (let index = 0; index < bytes.length;) {
    const byte = bytes[index] ?? 0;
    if (byte === ESCAPE) {
      const sequence = escapeAt(bytes, index + 1);
      const change = sequence === undefined ? undefined : ESCAPES[sequence];
      if (sequence === undefined || change === undefined) return undefined;
      if (change[0] === "lower") lower = change[1];
      else upper = change[1];
      index += 1 + sequence.length;
      continue;
    }
    const set = byte < 0x80 ? lower : upper;
    if (set === undefined) return undefined;
    const length = TWO_BYTES.has(set) ? 2 : 1;
    const character = decodeCharacter(set, bytes.subarray(index, index + length));
    if (character === undefined) return undefined;
    text += character;
    if (byte === BACKSLASH && length === 1) [lower, upper] = ["ascii", firstUpper];
    index += length;
  }
  return text;
}

function escapeAt(bytes: Uint8Array, index: number): string | undefined {
  const next = Buffer.from(bytes.subarray(index, index + 3)).toString("latin1");
  return [3, 2].map((length) => next.slice(0, length)).find((sequence) => Object.hasOwn(ESCAPES, sequence));
}

function decodeCharacter(set: string, bytes: Uint8Array): string | undefined {
  const [first = 0, second = 0] = bytes;
  if (set === "ascii") return first >= 0x20 && first < 0x7f ? String.fromCharCode(first) : undefined;
  if (set.startsWith("jis-x")) {
    if (bytes.length < 2 || first < 0x21 || second < 0x21 || second > 0x7e) return undefined;
    const pair = [first | 0x80, second | 0x80];
    return decode("euc-jp", Uint8Array.from(set === "jis-x-0212" ? [0x8f, ...pair] : pair));
  }
  // 0x80 to 0x9F are controls in ISO 8859, characters in what browsers take for it; no 94×94 set has them either.
  if (first < 0xa0) return undefined;
  if (TWO_BYTES.has(set) && (bytes.length < 2 || first < 0xa1 || second < 0xa1)) return undefined;
  // JIS X 0201 katakana: beyond it Shift JIS begins its two-byte characters.
  if (set === "shift_jis" && (first < 0xa1 || first > 0xdf)) return undefined;
  return decode(set, bytes);
}

const decoders = new Map<string, TextDecoder>();

function decode(label: string, bytes: Uint8Array): string | undefined {
  let decoder = decoders.get(label);
  if (decoder === undefined) {
    decoder = new TextDecoder(label, { fatal: true, ignoreBOM: true });
    decoders.set(label, decoder);
  }
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}
