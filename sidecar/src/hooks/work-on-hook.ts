import { accessOf, whoOf } from "../audit/access.js";
import type { AuditTrail, RecordedAccess } from "../audit/audit-trail.js";
import { refusalOf } from "../audit/refusal.js";
import { idempotencyBy } from "../emr/idempotency-key.js";
import { ApiError } from "../error-response.js";
import type { Logger } from "../log.js";
import type { Outcome } from "../pipeline/repeat.js";
import { principalOfSource } from "./hook-source.js";
import type { ClaimedHook, HookQueue, HookSourceStore } from "./hook-store.js";
import type { HookDependencies, HookResult } from "./hook-type.js";
import { HOOK_TYPES, isHookType } from "./hook-types.js";
import { settlementOf } from "./settlement.js";

/** A process that is killed leaves its message to another after this long. */
export const HOOK_LEASE_SECONDS = 20;

export interface HookWorker extends HookDependencies {
  readonly queue: HookDependencies["queue"];
  readonly hooks: HookQueue;
  readonly sources: HookSourceStore;
  readonly trail: AuditTrail;
  readonly owner: string;
  readonly log: Logger;
}

/** Works on the message whose turn it is; whatever is done with one is done once, however often it is begun. */
export async function workOnNextHook(worker: HookWorker): Promise<Outcome> {
  const { hooks, owner, log } = worker;
  const due = await hooks.millisecondsToNext();
  if (due === null) return "idle";
  const claimed = due > 0 ? null : await hooks.claim(owner, HOOK_LEASE_SECONDS);
  if (claimed === null) return { dueInMilliseconds: Math.max(due, 20) };
  try {
    const { answer } = await perform(claimed, worker);
    await hooks.done(claimed.id, answer);
  } catch (error) {
    const { code, reason, retryInMilliseconds } = settlementOf(error, claimed);
    const said = { hook: claimed.id, source: claimed.source, type: claimed.type, code };
    if (retryInMilliseconds === undefined) {
      log.warn(said, "what an integrator told could not be done");
      await hooks.failed(claimed.id, code, reason);
    } else {
      if (code === "internal-error") log.warn({ ...said, err: error }, "a hook is tried again");
      await hooks.later(claimed.id, code, reason, retryInMilliseconds);
    }
  }
  return "more";
}

async function perform(claimed: ClaimedHook, worker: HookWorker): Promise<HookResult> {
  const { sources, trail } = worker;
  const source = await sources.get(claimed.source);
  if (source === null || !source.enabled || !isHookType(claimed.type))
    throw new ApiError(403, "hook-source-off", "The source was switched off or removed meanwhile.");
  const type = HOOK_TYPES[claimed.type];
  const principal = principalOfSource(source);
  const data: unknown = JSON.parse(claimed.data);
  const access = {
    who: whoOf(principal),
    source: { address: claimed.address, userAgent: "" },
    action: type.action,
  };
  let begun: RecordedAccess | undefined;
  let begunOn = "";
  try {
    const result = await type.perform(
      data,
      {
        principal,
        issuer: source.issuer,
        idempotency: idempotencyBy(`message-${claimed.id}`, principal.subject, "hook", data),
        record: async (on) => {
          begunOn = on.target;
          begun ??= await trail.record(accessOf({ ...access, ...on }));
        },
      },
      worker,
    );
    if (result.target !== begunOn)
      await begun?.end({ outcome: "granted", reason: null, target: result.target, breakGlassId: null });
    return result;
  } catch (error) {
    const end = refusalOf(error);
    if (begun !== undefined) await begun.end({ ...end, target: "", breakGlassId: null });
    else await trail.count(accessOf({ ...access, target: `message:${claimed.type}`, ...end }));
    throw error;
  }
}
