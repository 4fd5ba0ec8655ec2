import { campaign } from "../adapters/mysql/leadership.js";
import type { AuditParts } from "../audit/audit-api.js";
import { IDLE_SECONDS } from "../audit/audit-trail.js";
import { countedDenials } from "../audit/counted-denials.js";
import { TrustedProxies } from "../audit/source.js";
import { Trail } from "../audit/trail.js";
import type { Anchor } from "../audit/verify.js";
import type { Config } from "../config.js";
import type { Connections } from "../connections.js";
import type { AuditState, Metrics } from "../health/metrics.js";
import type { Logger } from "../log.js";
import { repeat } from "../pipeline/repeat.js";
import { LOOPS } from "../schedules/loops.js";

const SEALED_AT_ONCE = 500;
/** The process that counts has the first word on whether an access goes on. */
const GRACE_MILLISECONDS = 10_000;

export interface RunningAudit extends AuditParts {
  state(): Promise<AuditState>;
  stop(): Promise<void>;
}

/** The audit trail of the api role; one process of all seals and ends what is idle. */
export function startAudit(
  config: Config,
  connections: Connections,
  metrics: Metrics,
  log: Logger,
): RunningAudit {
  const { sequelize, audit: store, auditChain: chain, announce } = connections;
  const trail = new Trail(store, log);
  const inFhir = config.NEURONOVA_AUDIT_FHIR === "on";
  const leadership = campaign(sequelize, "neuronova.audit", log, () => {
    let last: Anchor | undefined;
    const loops = [
      repeat("audit-seal", LOOPS["audit-seal"].milliseconds, log, async () => {
        const { rowsWait, ...head } = await chain.look();
        if (last !== undefined && head.sequence < last.sequence)
          log.error({ had: last.sequence, has: head.sequence }, "the audit chain was cut");
        const sealed = rowsWait ? await chain.seal(SEALED_AT_ONCE, inFhir) : [];
        last = sealed.at(-1) ?? head;
        if (sealed.length > 0 && inFhir) announce(new Set(["outbox"]));
        return sealed.length === SEALED_AT_ONCE ? "more" : "idle";
      }),
      repeat("audit-end", LOOPS["audit-end"].milliseconds, log, async () => {
        const since = new Date(Date.now() - IDLE_SECONDS * 1_000 - GRACE_MILLISECONDS);
        return (await store.endIdle(since)) > 0 ? "more" : "idle";
      }),
      // The log is kept elsewhere than the table: cutting the end off both takes two hands.
      repeat("audit-anchor", LOOPS["audit-anchor"].milliseconds, log, async () => {
        const { sequence, hash } = await chain.head();
        log.info({ anchor: `${sequence}:${hash}` }, "audit chain");
        return "idle";
      }),
    ];
    return async () => {
      await Promise.all(loops.map((loop) => loop.stop()));
    };
  });
  return {
    trail: countedDenials(trail, (reason) => metrics.denials.inc({ reason })),
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
