/** A text whose form goes by a number. */
export interface Plural {
  /** The name of the value that the form goes by. */
  readonly by: string;
  readonly one: string;
  readonly other: string;
}

/** A text of one form, or of two; `{name}` stands for a value. Korean has one form for all numbers. */
export type Text = string | Plural;

const rules = new Intl.PluralRules("en");

/** The form for these values, its places not yet filled. */
export function formFor(text: Text, values: Readonly<Record<string, string | number>>): string {
  if (typeof text === "string") return text;
  // Values may be written for people: 1,234.
  const number = Number(String(values[text.by]).replaceAll(",", ""));
  return rules.select(number) === "one" ? text.one : text.other;
}
