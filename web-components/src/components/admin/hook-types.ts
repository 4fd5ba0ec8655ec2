import type { HookType } from "../../administration/hooks.js";
import type { AdminMessageKey } from "../../localization/admin-messages.js";

/** What a source may tell, and what each means (docs/inbound-hooks.md). */
export const HOOK_TYPES: Readonly<Record<HookType, AdminMessageKey>> = {
  "study.ready": "hookStudyReady",
  "model.run": "hookModelRun",
  "order.created": "hookOrderCreated",
  "order.changed": "hookOrderChanged",
  "patient.merged": "hookPatientMerged",
  "report.received": "hookReportReceived",
};
export const HOOK_TYPE_NAMES = Object.keys(HOOK_TYPES) as HookType[];
