import { adminEnglish } from "./admin-english.js";
import { grantsEnglish } from "./admin-grants-english.js";
import { grantsKorean } from "./admin-grants-korean.js";
import { hooksEnglish } from "./admin-hooks-english.js";
import { hooksKorean } from "./admin-hooks-korean.js";
import { adminKorean } from "./admin-korean.js";
import { webhooksEnglish } from "./admin-webhooks-english.js";
import { webhooksKorean } from "./admin-webhooks-korean.js";
import { filled, type Language } from "./messages.js";

const ENGLISH = { ...adminEnglish, ...grantsEnglish, ...webhooksEnglish, ...hooksEnglish };
const KOREAN = { ...adminKorean, ...grantsKorean, ...webhooksKorean, ...hooksKorean };

export type AdminMessageKey = keyof typeof ENGLISH;

/** A text of the administrators' page; `{name}` is replaced by the value of that name. */
export function adminMessage(
  language: Language,
  key: AdminMessageKey,
  values: Readonly<Record<string, string | number>> = {},
): string {
  return filled((language === "ko" ? KOREAN : ENGLISH)[key], values);
}

/** A moment (ISO 8601) for the reader. */
export function moment(time: string, language: Language): string {
  return new Date(time).toLocaleString(language, { dateStyle: "short", timeStyle: "medium" });
}
