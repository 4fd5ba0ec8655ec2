import type { Language } from "./messages.js";

/**
 * A DICOM person name for people (PS3.5 6.2.1.1: `alphabetic=ideographic=phonetic`, each `family^given^middle^prefix^suffix`).
 * Korean readers get Hangul first, others the alphabetic group; family name first outside of it.
 */
export function personName(value: string, language: Language): string {
  const [alphabetic = "", ideographic = "", phonetic = ""] = value.split("=").map((group) => group.trim());
  const western = alphabetic === "" ? "" : order(alphabetic, "western");
  const hangul = phonetic === "" ? "" : order(phonetic, "eastern");
  const hanja = ideographic === "" ? "" : order(ideographic, "eastern");
  if (language === "ko") {
    const main = hangul || hanja || western;
    return main === hangul && hanja !== "" ? `${hangul} (${hanja})` : main;
  }
  return western || hangul || hanja;
}

function order(group: string, style: "western" | "eastern"): string {
  const [family = "", given = "", middle = "", prefix = "", suffix = ""] = group
    .split("^")
    .map((part) => part.trim());
  if (style === "eastern")
    return [prefix, `${family}${given}${middle}`, suffix].filter((part) => part !== "").join(" ");
  const rest = [prefix, given, middle, suffix].filter((part) => part !== "").join(" ");
  return rest === "" ? family : `${family}, ${rest}`;
}

/** `YYYYMMDD` for people; whatever else stands there is shown as it is. */
export function dicomDate(value: string, language: Language): string {
  const match = /^(\d{4})(\d{2})(\d{2})$/.exec(value);
  if (match === null) return value;
  const date = new Date(Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3])));
  return new Intl.DateTimeFormat(language === "ko" ? "ko-KR" : "en-GB", {
    dateStyle: "medium",
    timeZone: "UTC",
  }).format(date);
}
