import { campaign } from "../adapters/mysql/leadership.js";
import type { AuditParts } from "../audit/audit-api.js";
import { IDLE_SECONDS } from "../audit/audit-trail.js";
import { removeBefore } from "../audit/retention.js";
import { TrustedProxies } from "../audit/source.js";
import { Trail } from "../audit/trail.js";
import type { Anchor } from "../audit/verify.js";
import type { Config } from "../config.js";
import type { Connections } from "../connections.js";
import type { AuditState } from "../health/metrics.js";
import type { Logger } from "../log.js";
import { repeat } from "../pipeline/repeat.js";

const SEAL_MILLISECONDS = 300;
const SEALED_AT_ONCE = 500;
const END_MILLISECONDS = 5_000;
const ANCHOR_MILLISECONDS = 10 * 60_000;
const RETENTION_MILLISECONDS = 3_600_000;
const DAY_MILLISECONDS = 86_400_000;
/** The process that counts has the first word on whether an access goes on. */
const GRACE_MILLISECONDS = 10_000;

export interface RunningAudit extends AuditParts {
  state(): Promise<AuditState>;
  stop(): Promise<void>;
}

/** The audit trail of the api role; one process of all seals, ends what is idle, removes what is old. */
export function startAudit(config: Config, connections: Connections, log: Logger): RunningAudit {
  const { sequelize, audit: store, auditChain: chain, announce } = connections;
  const trail = new Trail(store, log);
  const inFhir = config.NEURONOVA_AUDIT_FHIR === "on";
  const days = config.NEURONOVA_AUDIT_RETENTION_DAYS;
  const leadership = campaign(sequelize, "neuronova.audit", log, () => {
    let last: Anchor | undefined;
    const loops = [
      repeat("audit-seal", SEAL_MILLISECONDS, log, async () => {
        const head = await chain.head();
        if (last !== undefined && head.sequence < last.sequence)
          log.error({ had: last.sequence, has: head.sequence }, "the audit chain was cut");
        const sealed = await chain.seal(SEALED_AT_ONCE, inFhir);
        last = sealed.at(-1) ?? head;
        if (sealed.length > 0 && inFhir) announce(new Set(["outbox"]));
        return sealed.length === SEALED_AT_ONCE ? "more" : "idle";
      }),
      repeat("audit-end", END_MILLISECONDS, log, async () => {
        const since = new Date(Date.now() - IDLE_SECONDS * 1_000 - GRACE_MILLISECONDS);
        return (await store.endIdle(since)) > 0 ? "more" : "idle";
      }),
      // The log is kept elsewhere than the table: cutting the end off both takes two hands.
      repeat("audit-anchor", ANCHOR_MILLISECONDS, log, async () => {
        const { sequence, hash } = await chain.head();
        log.info({ anchor: `${sequence}:${hash}` }, "audit chain");
        return "idle";
      }),
      ...(days === 0
        ? []
        : [
            repeat("audit-retention", RETENTION_MILLISECONDS, log, async () => {
              const before = new Date(Date.now() - days * DAY_MILLISECONDS);
              const removed = await removeBefore(before, { chain, trail, announce: inFhir });
              if (removed > 0) log.info({ removed }, "audit rows past their retention were removed");
              return "idle";
            }),
          ]),
    ];
    return async () => {
      await Promise.all(loops.map((loop) => loop.stop()));
    };
  });
  return {
    trail,
    proxies: new TrustedProxies(config.NEURONOVA_TRUSTED_PROXIES),
    log,
    async state() {
      const { sealedAt } = await chain.head();
      const waiting = await chain.waiting();
      const seconds = sealedAt === null ? 0 : (Date.now() - sealedAt.getTime()) / 1_000;
      return { written: trail.written, waiting, secondsSinceSeal: Math.max(0, seconds) };
    },
    async stop() {
      await leadership.stop();
      await trail.stop();
    },
  };
}
