import { english, type MessageKey } from "./english.js";
import { korean } from "./korean.js";
import { formFor, type Text } from "./plural.js";

export type { MessageKey } from "./english.js";

export const LANGUAGES = ["ko", "en"] as const;
export type Language = (typeof LANGUAGES)[number];

/** The language of the page, or of the browser; English when neither is Korean. */
export function preferredLanguage(): Language {
  return navigator.language.toLowerCase().startsWith("ko") ? "ko" : "en";
}

/** A text in a language; `{name}` is replaced by the value of that name. */
export function message(
  language: Language,
  key: MessageKey,
  values: Readonly<Record<string, string | number>> = {},
): string {
  return filled((language === "ko" ? korean : english)[key], values);
}

/** A text in the form for its values, with `{name}` replaced by the value of that name. */
export function filled(text: Text, values: Readonly<Record<string, string | number>>): string {
  return formFor(text, values).replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ""));
}
