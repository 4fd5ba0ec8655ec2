import { verifyChain, type ChainReads } from "../audit/verify.js";
import type { Logger } from "../log.js";
import type { State } from "../state/state.js";

const CURSOR = "audit.first-bad";

export interface VerifyTrailDependencies {
  readonly chain: ChainReads;
  readonly state: Pick<State, "read" | "transaction">;
  readonly log: Logger;
}

/** Follows the audit trail's chain and keeps what was found, for metrics and for those who ask. */
export async function verifyTrail(
  { chain, state, log }: VerifyTrailDependencies,
  signal: AbortSignal,
): Promise<void> {
  const found = await verifyChain({
    head: () => chain.head(),
    waiting: () => chain.waiting(),
    sealedAfter(sequence, limit) {
      signal.throwIfAborted();
      return chain.sealedAfter(sequence, limit);
    },
  });
  if (found.valid) log.info({ records: found.records }, "the audit trail is whole");
  else log.error({ sequence: found.firstBadSequence, problem: found.problem }, "the audit trail is broken");
  const firstBad = found.valid ? 0 : found.firstBadSequence;
  await state.transaction((transaction) => transaction.setCursor(CURSOR, firstBad));
}

/** The first bad row the last scheduled verification found; 0 when it found none, or there was none. */
export function firstBadAuditRow(read: State["read"]): Promise<number> {
  return read.cursor(CURSOR);
}
