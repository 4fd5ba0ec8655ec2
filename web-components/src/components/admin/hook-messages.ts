import type { HookMessage, HookState } from "../../administration/hooks.js";
import type { LogEntry, LogWords } from "./system-log.js";

/** What a source told, and what came of it. */
export const HOOK_MESSAGE_WORDS: LogWords<HookState> = {
  title: "hookMessages",
  choice: "hookMessagesShown",
  none: "hookMessagesNone",
  noneSuch: "hookMessagesNoneSuch",
  again: "repeat",
  againOf: "repeatOf",
  repeated: "repeated",
  states: {
    pending: ["hookPending", "warn", "kept"],
    done: ["hookDone", "good", "kept"],
    failed: ["hookFailed", "bad", "repeatable"],
  },
};

/** A message as an entry of a log; what came of it goes by the names of the API (docs/inbound-hooks.md). */
export function hookMessageEntry({
  webhookId,
  receivedAt,
  result,
  ...message
}: HookMessage): LogEntry<HookState> {
  const entry = { ...message, name: webhookId, startedAt: receivedAt };
  if (result === null) return entry;
  const members = Object.entries(result).map(([name, value]) => `${name}: ${String(value)}`);
  return { ...entry, result: members.join(" · ") };
}
