/** Texts of the state of synchronisation; `{name}` stands for a value. */
export const syncEnglish = {
  syncTitle: "Synchronisation",
  syncStudy: "Study",
  syncNone: "Nothing has been sent yet.",
  syncFailed: "failed",
  syncLast: "last synchronised {time}",
  syncSystems: "Connected systems",
  syncPending: { by: "count", one: "{count} change waits", other: "{count} changes wait" },
  syncOldest: "the oldest for {seconds} s",
  syncFailures: "{count} failed",
  syncReplay: "Send what failed again",
  syncReplayed: {
    by: "count",
    one: "{count} change is on its way again.",
    other: "{count} changes are on their way again.",
  },
  syncNotReplayed: "Nothing was sent again",
  syncNotLoaded: "The state of synchronisation could not be loaded",
  syncDenied: "Only administrators see this.",
  systemFhir: "FHIR",
  systemOpenemr: "OpenEMR",
  systemWebhook: "Webhooks",
  breakerClosed: "changes are delivered (breaker closed)",
  breakerOpen: "does not answer: changes wait (breaker open)",
  breakerHalfOpen: "is being tried again (breaker half-open)",
  breakerNone: "nothing is delivered: no worker is running",
  fhirGone: "The FHIR server does not have it.",
} as const;

export type SyncMessageKey = keyof typeof syncEnglish;
