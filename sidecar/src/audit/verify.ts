import { GENESIS_HASH, hashOf, type SealedRecord } from "./chain.js";

/** A place in the chain and its hash, kept somewhere else: whatever was sealed up to there must still be there. */
export interface Anchor {
  readonly sequence: number;
  readonly hash: string;
}

/** What a verification reads. */
export interface ChainReads {
  /** Sealed rows after the place, in order; fewer than asked for at the end only. */
  sealedAfter(sequence: number, limit: number): Promise<SealedRecord[]>;
  /** The last place that was given, as the sealing process keeps it. */
  head(): Promise<Anchor>;
  /** Rows that have no place yet. */
  waiting(): Promise<number>;
}

export type Verification =
  | {
      readonly valid: true;
      readonly firstSequence: number;
      readonly lastSequence: number;
      readonly lastHash: string;
      readonly records: number;
      readonly waiting: number;
    }
  | {
      readonly valid: false;
      readonly firstBadSequence: number;
      readonly problem: "changed" | "missing" | "start-missing" | "end-missing" | "anchor-differs";
    };

const PAGE = 1_000;
/** How the row that retention leaves names the last one it removed. */
const CHECKPOINT = /^removed-through:(\d{1,15}):([0-9a-f]{64})$/;

export function checkpointOf({ sequence, hash }: Anchor): string {
  return `removed-through:${sequence}:${hash}`;
}

/** Follows the chain from its first row to its last, and compares its end with what is known of it elsewhere. */
export async function verifyChain(reads: ChainReads, anchors: readonly Anchor[] = []): Promise<Verification> {
  // The head first: rows sealed meanwhile are beyond it, never short of it.
  const [head, waiting] = [await reads.head(), await reads.waiting()];
  const known = new Map(anchors.map(({ sequence, hash }) => [sequence, hash]));
  let last: Anchor = { sequence: 0, hash: GENESIS_HASH };
  let start: Anchor | undefined;
  let checkpointed = false;
  let records = 0;
  for (;;) {
    const page = await reads.sealedAfter(last.sequence, PAGE);
    for (const record of page) {
      start ??= { sequence: record.sequence - 1, hash: record.previousHash };
      if (records > 0 && record.sequence !== last.sequence + 1) return bad(last.sequence + 1, "missing");
      if (records > 0 && record.previousHash !== last.hash) return bad(record.sequence, "changed");
      if (record.hash !== hashOf(record, record)) return bad(record.sequence, "changed");
      if ((known.get(record.sequence) ?? record.hash) !== record.hash)
        return bad(record.sequence, "anchor-differs");
      checkpointed ||= record.action === "audit-retention" && names(record.target, start);
      last = record;
      records += 1;
    }
    if (page.length < PAGE) break;
  }
  start ??= { sequence: 0, hash: GENESIS_HASH };
  const fromTheBeginning = start.sequence === 0 && start.hash === GENESIS_HASH;
  if (!fromTheBeginning && !checkpointed) return bad(Math.max(start.sequence, 1), "start-missing");
  const furthest = Math.max(head.sequence, ...known.keys(), 0);
  if (last.sequence < furthest) return bad(last.sequence + 1, "end-missing");
  if (last.sequence === head.sequence && last.hash !== head.hash) return bad(last.sequence, "changed");
  return {
    valid: true,
    firstSequence: records === 0 ? 0 : start.sequence + 1,
    lastSequence: last.sequence,
    lastHash: last.hash,
    records,
    waiting,
  };
}

function names(target: string, start: Anchor): boolean {
  const [, sequence, hash] = CHECKPOINT.exec(target) ?? [];
  return Number(sequence) === start.sequence && hash === start.hash;
}

function bad(
  firstBadSequence: number,
  problem: Extract<Verification, { valid: false }>["problem"],
): Verification {
  return { valid: false, firstBadSequence, problem };
}
