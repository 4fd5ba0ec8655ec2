import { message, type Language } from "../../localization/messages.js";
import type { Study } from "../../studies/study.js";

/** A state in words, with how pressing it is. */
export interface StateText {
  readonly text: string;
  readonly tone: "good" | "warn" | "bad" | "";
  readonly detail?: string;
}

/** How far the fast renditions of a study are. */
export function renditionText({ rendition }: Study, language: Language): StateText {
  const { pending, rendered, failed } = rendition;
  const asStored = rendition.notRenderable + rendition.dropped;
  const all = pending + rendered + asStored + failed;
  if (failed > 0) return { text: `${message(language, "failed")} ${failed}`, tone: "bad" };
  if (pending > 0)
    return { text: message(language, "renderingOf", { done: all - pending, all }), tone: "warn" };
  if (all === 0) return { text: message(language, "none"), tone: "" };
  const detail = asStored === 0 ? {} : { detail: message(language, "notRenderable", { count: asStored }) };
  return rendered === 0
    ? { text: message(language, "none"), tone: "", ...detail }
    : { text: message(language, "allRendered"), tone: "good", ...detail };
}

export function analysisText({ analysis }: Study, language: Language): StateText {
  if (analysis === "none") return { text: message(language, "none"), tone: "" };
  const tone = analysis === "succeeded" ? "good" : analysis === "failed" ? "bad" : "warn";
  return { text: message(language, analysis), tone };
}

export function fhirText({ fhir }: Study, language: Language): StateText {
  if (fhir.state === "synchronised") return { text: message(language, "synchronised"), tone: "good" };
  if (fhir.state === "failed")
    return {
      text: message(language, "failed"),
      tone: "bad",
      ...(fhir.reason === undefined ? {} : { detail: fhir.reason }),
    };
  return { text: message(language, "notSynchronised"), tone: "warn" };
}
