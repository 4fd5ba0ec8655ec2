import { filled, message, type Language, type MessageKey } from "./messages.js";
import type { Text } from "./plural.js";

/**
 * Gives the texts of an element that come with its code, and those that all elements share: a page fetches only what it
 * shows. `{name}` is replaced by the value of that name.
 */
export function textsBeside<Own extends string>(
  english: Readonly<Record<Own, Text>>,
  korean: Readonly<Record<Own, string>>,
) {
  const isOwn = (key: Own | MessageKey): key is Own => Object.hasOwn(english, key);
  return (
    language: Language,
    key: Own | MessageKey,
    values: Readonly<Record<string, string | number>> = {},
  ): string =>
    isOwn(key) ? filled((language === "ko" ? korean : english)[key], values) : message(language, key, values);
}
