import type { HookType } from "./hook-type.js";
import { changeOrder } from "./types/change-order.js";
import { createOrder, receiveReport } from "./types/create-clinical-record.js";
import { patientMerged } from "./types/merge-patients.js";
import { runModel } from "./types/run-model.js";
import { studyReady } from "./types/study-ready.js";

/** Everything that integrators may tell (docs/inbound-hooks.md). */
export const HOOK_TYPES = {
  "study.ready": studyReady,
  "model.run": runModel,
  "order.created": createOrder,
  "order.changed": changeOrder,
  "patient.merged": patientMerged,
  "report.received": receiveReport,
} as const satisfies Readonly<Record<string, HookType>>;

export type HookTypeName = keyof typeof HOOK_TYPES;
export const HOOK_TYPE_NAMES = Object.keys(HOOK_TYPES) as HookTypeName[];

export function isHookType(name: string): name is HookTypeName {
  return Object.hasOwn(HOOK_TYPES, name);
}
