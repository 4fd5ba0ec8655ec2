import { message, type Language, type MessageKey } from "../../localization/messages.js";
import type { AnalysisResult } from "../../studies/study.js";
import { reasonText } from "../job-monitor/job-text.js";

const STATES: Readonly<Record<Exclude<AnalysisResult["state"], "succeeded">, MessageKey>> = {
  queued: "analysisQueued",
  running: "analysisRunning",
  failed: "analysisFailed",
  "not-applicable": "analysisNotApplicable",
  canceled: "analysisCanceled",
};

/** How far an analysis without a result is; why it came to nothing, in words where its code has some. */
export function stateText({ state, code, reason }: AnalysisResult, language: Language): string {
  if (state === "succeeded") return "";
  const text = message(language, STATES[state]);
  if (state === "canceled" || (code === undefined && reason === undefined)) return text;
  return `${text}: ${reasonText(code ?? "", reason ?? "", language)}`;
}

/** Whether somebody may have it done again: it came to nothing. */
export function isOver({ state }: AnalysisResult): boolean {
  return state === "failed" || state === "not-applicable" || state === "canceled";
}

/** A model that looks for segments and found none; one that gives scores finds nothing in that sense. */
export function foundNothing({ segments }: AnalysisResult): boolean {
  return segments.length > 0 && segments.every(({ volumeMl }) => volumeMl === 0);
}
