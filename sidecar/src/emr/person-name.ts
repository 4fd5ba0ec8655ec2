import type { NameGroup, PersonName } from "./records.js";

type Script = "latin" | "hangul" | "han" | "kana" | "other";

const SCRIPTS: readonly (readonly [Script, RegExp])[] = [
  ["latin", /^\p{Script=Latin}+$/u],
  ["hangul", /^\p{Script=Hangul}+$/u],
  ["han", /^\p{Script=Han}+$/u],
  ["kana", /^[\p{Script=Hiragana}\p{Script=Katakana}]+$/u],
];

/** A name as PN has it, `alphabetic=ideographic=phonetic`, each `family^given` (PS3.5 6.2.1). */
export function dicomPersonName(name: PersonName): string {
  const groups = [name.alphabetic, name.ideographic, name.phonetic].map(groupText);
  return groups.join("=").replace(/=+$/, "");
}

/** What a name is found by. */
export function searchableName(name: PersonName): string {
  return groupsOf(name)
    .flatMap(({ family, given }) => [family, given, `${family}${given}`])
    .filter((text) => text !== "")
    .join(" ");
}

/** Each way the name is written, in a form in which equal names are equal. */
export function writtenForms(name: PersonName): string[] {
  return groupsOf(name).map(({ family, given }) => [family, given].map(fold).join("^"));
}

/**
 * Whether two names, as PN has them, cannot be of one person: there is a script both are written in, and in none of
 * those do they share a part. Names in different scripts only (Latin here, Hangul there) say nothing about each other.
 */
export function areWhollyDifferent(one: string, other: string): boolean {
  const [ofOne, ofOther] = [partsByScript(one), partsByScript(other)];
  const shared = [...ofOne.keys()].filter((script) => ofOther.has(script));
  return (
    shared.length > 0 &&
    shared.every((script) => !haveCommonPart(ofOne.get(script) ?? [], ofOther.get(script) ?? []))
  );
}

/** An undivided name (김민준) has the parts of the divided one (김^민준) in it. */
function haveCommonPart(parts: readonly string[], others: readonly string[]): boolean {
  const [whole, otherWhole] = [parts.join(""), others.join("")];
  return (
    whole === otherWhole ||
    parts.some((part) => others.includes(part)) ||
    (others.length === 1 && parts.length > 1 && parts.every((part) => otherWhole.includes(part))) ||
    (parts.length === 1 && others.length > 1 && others.every((part) => whole.includes(part)))
  );
}

function partsByScript(name: string): Map<Script, string[]> {
  const found = new Map<Script, string[]>();
  for (const part of name.split(/[=^\s,.\-']+/u).map(fold)) {
    if (part === "") continue;
    const script = SCRIPTS.find(([, pattern]) => pattern.test(part))?.[0] ?? "other";
    found.set(script, [...(found.get(script) ?? []), part]);
  }
  return found;
}

/** Width, case and accents do not make another name. */
function fold(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/\p{Script=Latin}\p{Mn}+/gu, (letter) => letter.replace(/\p{Mn}+/gu, ""))
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[\s\p{P}]+/gu, "");
}

function groupsOf({ alphabetic, ideographic, phonetic }: PersonName): NameGroup[] {
  return [alphabetic, ideographic, phonetic].filter((group) => group !== undefined);
}

function groupText(group: NameGroup | undefined): string {
  if (group === undefined) return "";
  return `${group.family}^${group.given}`.replace(/\^$/, "");
}
