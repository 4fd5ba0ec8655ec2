import { adminEnglish, type AdminMessageKey } from "./admin-english.js";
import { adminKorean } from "./admin-korean.js";
import { filled, type Language } from "./messages.js";

export type { AdminMessageKey } from "./admin-english.js";

/** A text of the administrators' page; `{name}` is replaced by the value of that name. */
export function adminMessage(
  language: Language,
  key: AdminMessageKey,
  values: Readonly<Record<string, string | number>> = {},
): string {
  return filled((language === "ko" ? adminKorean : adminEnglish)[key], values);
}

/** A moment (ISO 8601) for the reader. */
export function moment(time: string, language: Language): string {
  return new Date(time).toLocaleString(language, { dateStyle: "short", timeStyle: "medium" });
}
