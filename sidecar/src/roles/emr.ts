import { createHash } from "node:crypto";
import type { Config } from "../config.js";
import type { Connections } from "../connections.js";
import { evaluateNextStudy } from "../emr/evaluate-study.js";
import { IDEMPOTENCY_HOURS } from "../emr/idempotency-key.js";
import { keepWorklistFiles } from "../emr/keep-worklist-files.js";
import type { Logger } from "../log.js";
import { repeat, type Repetition } from "../pipeline/repeat.js";
import { LOOPS } from "../schedules/loops.js";

/** The safety nets under the wake-ups. */
const ISSUER_CURSOR = "emr.default-issuer";

/**
 * What one process of all does for the EMR: decide whose a study is, keep the modality worklist, forget old answers.
 * @returns what starts it, each time this process comes to lead
 */
export function lookAfterEmr(config: Config, connections: Connections, log: Logger): () => Repetition[] {
  const { emr, emrIdentity, onWake } = connections;
  const { NEURONOVA_DEFAULT_ISSUER: issuer, NEURONOVA_WORKLISTS_DIRECTORY: directory } = config;
  const led = new Map<string, Repetition>();
  onWake((topics) => {
    for (const [topic, loop] of led) if (topics.has(topic)) loop.wake();
  });
  return () => {
    let issuerKnown = false;
    const identity = repeat("identity", LOOPS.identity.milliseconds, log, async () => {
      if (!issuerKnown) await noticeIssuer(issuer, connections);
      issuerKnown = true;
      return evaluateNextStudy(emrIdentity, issuer);
    });
    led.set("identity", identity);
    const forget = repeat("emr-answers", LOOPS["emr-answers"].milliseconds, log, async () =>
      (await emr.forgetAnswers(IDEMPOTENCY_HOURS)) > 0 ? "more" : "idle",
    );
    if (directory === undefined) return [identity, forget];
    const worklists = repeat("worklists", LOOPS.worklists.milliseconds, log, async () => {
      await keepWorklistFiles(directory, emr);
      return "idle";
    });
    led.set("worklists", worklists);
    return [identity, forget, worklists];
  };
}

/** Under another default issuer, studies that carry none may be somebody else's. */
async function noticeIssuer(issuer: string, { state, emrIdentity }: Connections): Promise<void> {
  const digest = createHash("sha256").update(issuer).digest().readUIntBE(0, 6);
  if ((await state.read.cursor(ISSUER_CURSOR)) === digest) return;
  await emrIdentity.reconsiderWithoutIssuer();
  await state.transaction((transaction) => transaction.setCursor(ISSUER_CURSOR, digest));
}
