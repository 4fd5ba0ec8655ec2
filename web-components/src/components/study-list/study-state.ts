import { message, type Language, type MessageKey } from "../../localization/messages.js";
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

const REVIEWED: Readonly<Record<Study["review"]["decisions"][number], MessageKey>> = {
  accepted: "reviewAccepted",
  edited: "reviewCorrected",
  rejected: "reviewRejected",
};

/** How far the analyses are and, once they are over, what people decided about their results. */
export function analysisText({ analysis, review }: Study, language: Language): StateText {
  if (analysis === "none") return { text: message(language, "none"), tone: "" };
  if (analysis === "succeeded" && review.decisions.length > 0) {
    const decided = review.decisions.map((decision) => message(language, REVIEWED[decision])).join(" · ");
    return review.state === "reviewed"
      ? { text: decided, tone: review.decisions.includes("rejected") ? "warn" : "good" }
      : { text: message(language, "partlyReviewed"), tone: "warn", detail: decided };
  }
  const tone = analysis === "succeeded" ? "good" : analysis === "failed" ? "bad" : "warn";
  return { text: message(language, analysis), tone };
}

/** Whether FHIR has the study as it is: since when, since when not, or why not. */
export function fhirText({ fhir }: Study, language: Language): StateText {
  const { state, at, since, reason } = fhir;
  if (state === "synchronised") {
    const detail = at === undefined ? {} : { detail: timeText("synchronisedAt", at, language) };
    return { text: message(language, "synchronised"), tone: "good", ...detail };
  }
  if (state === "failed")
    return {
      text: message(language, "failed"),
      tone: "bad",
      ...(reason === undefined ? {} : { detail: reason }),
    };
  const detail = since === undefined ? {} : { detail: timeText("waitingSince", since, language) };
  return { text: message(language, "notSynchronised"), tone: "warn", ...detail };
}

function timeText(key: "synchronisedAt" | "waitingSince", instant: string, language: Language): string {
  const format = new Intl.DateTimeFormat(language, { dateStyle: "short", timeStyle: "medium" });
  return message(language, key, { time: format.format(new Date(instant)) });
}
