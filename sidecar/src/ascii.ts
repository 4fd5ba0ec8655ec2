import { z } from "zod";

/**
 * Identifiers and codes are in ASCII columns, and a database refuses to compare those with other text: what comes from
 * outside and is looked for there is looked at before.
 */
export function isAscii(text: string): boolean {
  // eslint-disable-next-line no-control-regex -- what the columns take
  return /^[\x00-\x7f]*$/.test(text);
}

/** What is looked for among identifiers and codes. */
export const asciiText = (longest: number) =>
  z.string().min(1).max(longest).refine(isAscii, { error: "has characters other than ASCII" });
