/** Work that begins again a while after it ended, or when it is woken. */
export interface Loop {
  /** Between the end of a round and the next, when nothing wakes it; a setting's name where that decides. */
  readonly milliseconds: number | `NEURONOVA_${string}`;
  /** `one`: one process of all with the role does it. `each`: every process with the role. */
  readonly in: `${"one" | "each"} ${"api" | "transcoding" | "inference" | "delivery" | "process"}`;
  readonly does: string;
}

/** All there are, by the names they have in the log. docs/schedules.md is this table and that of the schedules. */
export const LOOPS = {
  sweep: {
    milliseconds: "NEURONOVA_SWEEP_SECONDS",
    in: "one api",
    does: "compares everything in Orthanc with what is known here",
  },
  "change-feed": {
    milliseconds: 1_000,
    in: "one api",
    does: "follows Orthanc's change log, closely while images come in",
  },
  "told-instances": {
    milliseconds: 1_000,
    in: "each api",
    does: "records what Orthanc's script told of and its change log did not show",
  },
  refill: { milliseconds: 5_000, in: "one api", does: "brings back into the queue what it lost" },
  "series-stability": {
    milliseconds: 1_000,
    in: "one api",
    does: "settles series that have been quiet for long enough, on their millisecond",
  },
  retention: {
    milliseconds: 20_000,
    in: "one api",
    does: "drops renditions that the settings do not keep",
  },
  background: {
    milliseconds: 2_000,
    in: "one api",
    does: "brings background renditions into the queue, every 500 ms while there are any",
  },
  identity: { milliseconds: 2_000, in: "one api", does: "decides whose a study is" },
  "emr-answers": {
    milliseconds: 3_600_000,
    in: "one api",
    does: "forgets answers kept for repeated requests",
  },
  worklists: { milliseconds: 30_000, in: "one api", does: "keeps the modality worklist's files" },
  "direct-inference": {
    milliseconds: 5_000,
    in: "one api",
    does: "brings direct inferences back into the queue",
  },
  "direct-answers": { milliseconds: 60_000, in: "one api", does: "forgets answers of direct inferences" },
  hooks: { milliseconds: 1_000, in: "each api", does: "works on what integrators told" },
  schedules: { milliseconds: 5_000, in: "one api", does: "does what is due of the schedules" },
  "audit-seal": { milliseconds: 300, in: "one api", does: "gives audit rows their place in the hash chain" },
  "audit-end": { milliseconds: 5_000, in: "one api", does: "ends accesses that have been idle" },
  "audit-anchor": { milliseconds: 600_000, in: "one api", does: "writes the chain's head to the log" },
  events: { milliseconds: 1_000, in: "each api", does: "sends committed events to its WebSockets" },
  models: { milliseconds: 5_000, in: "each process", does: "takes over what was decided about models" },
  verification: {
    milliseconds: "NEURONOVA_VERIFICATIONS_PER_HOUR",
    in: "one transcoding",
    does: "re-reads stored renditions, those first that were not checked for longest",
  },
  "read-ahead": {
    milliseconds: 1_000,
    in: "each inference",
    does: "reads images of series that are still receiving, every 250 ms while there are any",
  },
  "canceled analyses": { milliseconds: 2_000, in: "each inference", does: "ends what a person canceled" },
  delivery: {
    milliseconds: 2_000,
    in: "each delivery",
    does: "delivers what is due, in four lanes for each destination; what is found wakes the next lane; when nothing is, the first looks again when something is due, the others every 10 s",
  },
  report: { milliseconds: 4_000, in: "each delivery", does: "tells how it finds each destination" },
  recovery: {
    milliseconds: 3_600_000,
    in: "each delivery",
    does: "makes everything due once a destination is back; woken by the breaker",
  },
  watch: {
    milliseconds: 2_000,
    in: "each delivery",
    does: "asks a destination that is left alone whether it answers again",
  },
  "webhook-events": {
    milliseconds: 1_000,
    in: "each delivery",
    does: "gives events out to webhooks, each once",
  },
  webhooks: {
    milliseconds: 2_000,
    in: "each delivery",
    does: "delivers to webhooks, in four lanes; what is found wakes the next lane; when nothing is, the first looks again when something is due, the others every 10 s",
  },
  "openemr-pull": {
    milliseconds: "NEURONOVA_OPENEMR_PULL_SECONDS",
    in: "one delivery",
    does: "fetches what was changed in OpenEMR",
  },
} as const satisfies Readonly<Record<string, Loop>>;

export type LoopName = keyof typeof LOOPS;
