import { z } from "zod";
import { figuresIfAny, findings, modelCaption, progress } from "../openapi/result-figures.js";
import { count, instant, number, objectAddress, uid } from "../openapi/values.js";
import { synchronisation } from "../outbox/synchronisation-schema.js";
import { review } from "../review/operations.js";
import { ANALYSIS_STATES } from "../state/records.js";
import { REVIEW_DECISIONS } from "../state/review-records.js";

const summary = {
  studyInstanceUid: uid,
  orthancId: z.string().meta({ description: "Orthanc's own name of the study" }),
  patientId: z.string(),
  patientName: z.string().meta({ description: "PN: `alphabetic=ideographic=phonetic` (PS3.5 6.2.1)" }),
  patientSex: z.string(),
  patientBirthDate: z.string().meta({ description: "YYYYMMDD or empty" }),
  studyDate: z.string().meta({ description: "YYYYMMDD or empty" }),
  studyTime: z.string(),
  studyDescription: z.string(),
  accessionNumber: z.string(),
  modalities: z.array(z.string()),
  seriesCount: count,
  instanceCount: count,
  rendition: z.object({
    pending: count,
    rendered: count,
    notRenderable: count,
    failed: count,
    dropped: count.meta({ description: "By retention: shown as stored" }),
  }),
  analysis: z.enum(["none", "waiting", "running", "succeeded", "failed"]),
  review: z.object({
    state: z.enum(["none", "unreviewed", "partly-reviewed", "reviewed"]),
    decisions: z.array(z.enum(REVIEW_DECISIONS)),
  }),
  fhir: z.object({
    state: z.enum(["none", "waiting", "synchronised", "failed"]),
    at: instant.optional(),
    since: instant.optional(),
    reason: z.string().optional(),
  }),
};

/** A study as a list shows it. */
export const studySummary = z.object(summary).meta({ id: "StudySummary" });

const refused = z.array(z.object({ sopInstanceUid: uid, reason: z.string() }));
const series = z
  .object({
    seriesInstanceUid: uid,
    modality: z.string(),
    seriesNumber: z.int().nullable(),
    seriesDescription: z.string(),
    instanceCount: count,
    state: z.enum(["receiving", "stable"]),
    notRenderable: refused,
    failed: refused,
  })
  .meta({ id: "SeriesSummary" });

const result = z
  .object({
    id: number,
    model: modelCaption,
    state: z.enum(ANALYSIS_STATES),
    code: z.string().optional(),
    reason: z.string().optional(),
    progress: progress.optional(),
    sourceSeriesInstanceUid: uid,
    ...figuresIfAny,
    held: z.boolean().optional().meta({ description: "Waits for somebody to accept it" }),
    review: review.nullish(),
    segmentation: objectAddress.optional(),
    attention: objectAddress.optional(),
    summaryImage: objectAddress.optional(),
    report: objectAddress.optional(),
    reportSopInstanceUid: uid.optional().meta({ description: "Names the result in a decision about it" }),
    verification: z.enum(["VERIFIED", "UNVERIFIED"]).optional(),
  })
  .meta({ id: "StudyResult" });

const shadowResult = z
  .object({
    id: number,
    mode: z.literal("shadow"),
    model: modelCaption,
    state: z.enum(ANALYSIS_STATES),
    reason: z.string().optional(),
    sourceSeriesInstanceUid: uid,
    ...figuresIfAny,
    segments: findings.segments.optional(),
    scores: findings.scores.optional(),
  })
  .meta({ id: "ShadowResult" });

/** A study with its series, results and FHIR resources. */
export const studyDetails = z
  .object({
    ...summary,
    series: z.array(series),
    mayReview: z.boolean(),
    mayRunModel: z.boolean(),
    runnableModels: z.array(modelCaption.extend({ seriesInstanceUids: z.array(uid) })).optional(),
    results: z.array(result),
    shadowResults: z.array(shadowResult).optional().meta({ description: "For who administers" }),
    fhirResources: z.array(z.object({ resourceType: z.string(), id: z.string(), synchronisedAt: instant })),
    synchronisation: z.object({
      study: z.array(synchronisation),
      results: z.array(z.object({ analysis: number, destinations: z.array(synchronisation) })),
    }),
    mayReplay: z.boolean(),
  })
  .meta({ id: "StudyDetails" });
