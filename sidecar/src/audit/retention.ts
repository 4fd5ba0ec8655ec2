import { accessOf } from "./access.js";
import type { AuditChain } from "./audit-chain.js";
import type { AuditTrail } from "./audit-trail.js";
import { checkpointOf } from "./verify.js";

const SEALED_AT_ONCE = 500;

/**
 * Removes rows sealed before the time from the start of the chain. First a row that names the last removed one and its
 * hash is added and sealed: the chain then begins where that row says.
 * @returns how many rows
 */
export async function removeBefore(
  sealedBefore: Date,
  { chain, trail, announce }: { chain: AuditChain; trail: AuditTrail; announce: boolean },
): Promise<number> {
  const last = await chain.lastBefore(sealedBefore);
  if (last === null) return 0;
  const who = {
    subject: "neuronova",
    kind: "program",
    displayName: "NeuroNova",
    role: null,
    tokenId: "",
  } as const;
  await trail.record(
    accessOf({
      who,
      source: { address: "", userAgent: "" },
      action: "audit-retention",
      target: checkpointOf(last),
    }),
  );
  while ((await chain.seal(SEALED_AT_ONCE, announce)).length === SEALED_AT_ONCE);
  return chain.removeThrough(last.sequence);
}
