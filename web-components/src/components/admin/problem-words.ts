import { adminMessage, type AdminMessageKey } from "../../localization/admin-messages.js";
import type { Language } from "../../localization/messages.js";
import { HttpProblem } from "../../session/http.js";

/** What problem codes (docs/errors.md) are called. */
export type ProblemWords = Readonly<Record<string, AdminMessageKey>>;

const WORDS: ProblemWords = {
  "client-taken": "clientTaken",
  "hook-source-taken": "hookSourceTaken",
  "own-account": "ownAccount",
  "own-break-glass": "ownBreakGlass",
  "username-taken": "usernameTaken",
  "webhook-address-refused": "webhookAddressRefused",
};

/** Why something came to nothing, in the reader's words where there are some. @param own of one section */
export function problemWords(error: unknown, language: Language, own: ProblemWords): string {
  if (!(error instanceof HttpProblem)) return adminMessage(language, "unreachable");
  const words = own[error.code] ?? WORDS[error.code];
  return words === undefined ? error.message : adminMessage(language, words);
}

/** Whether a setting is missing without which there is nothing to load: no failure, and no second try helps. */
export function isNotConfigured(error: unknown): boolean {
  return error instanceof HttpProblem && error.code === "not-configured";
}
