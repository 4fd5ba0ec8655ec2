import type { ArchiveOfResults, HeldObjects } from "../analysis/store-result.js";
import { objectsOf } from "../analysis/store-result.js";
import type { Archive } from "../archive/archive.js";
import { findInSeries } from "../archive/find-in-series.js";
import type { DataSet } from "../dicom/data-set.js";
import type { OrthancId } from "../dicom/uid.js";
import type { DestinationName } from "../outbox/message.js";
import { reasonOf } from "../pipeline/faults.js";
import type { AnalysisResult, StoredObject } from "../state/records.js";
import type { ReviewRow } from "../state/review-records.js";
import type { State } from "../state/state.js";
import { readTraceparent } from "../tracing/trace-context.js";
import { traced } from "../tracing/traced.js";
import type { Tracer } from "../tracing/tracer.js";
import { findResult, type FoundResult } from "./find-result.js";
import { ReviewFault } from "./review-fault.js";
import { rejectedObjects } from "./rejected-objects.js";
import { verifyReport } from "./verify-report.js";
import { writeRejection } from "./write-rejection.js";

export interface ApplyReviewDependencies extends ArchiveOfResults {
  readonly archive: ArchiveOfResults["archive"] & Pick<Archive, "dataSet" | "readFile" | "indexedInstances">;
  readonly state: State;
  readonly held: HeldObjects;
  /** What is kept in the archive of a rejected result. */
  readonly rejectedResults: "key-object" | "delete";
  /** Where results are delivered to. */
  readonly destinations: readonly DestinationName[];
  readonly tracer: Tracer;
  /** Measures a corrected segmentation anew: what the SEG and SR of the edited result are, unverified. */
  readonly correct: (
    review: ReviewRow,
    found: FoundResult,
    signal: AbortSignal,
  ) => Promise<{
    readonly segmentation: MadeInstance | undefined;
    readonly report: MadeInstance;
    readonly segments: AnalysisResult["segments"];
  }>;
}

export interface MadeInstance {
  readonly seriesInstanceUid: string;
  readonly sopInstanceUid: string;
  readonly bytes: Uint8Array;
}

const LARGEST_OBJECT_BYTES = 1024 * 1024 * 1024;

/**
 * Carries a decision out: what people are to see of the result goes into the archive, the rest out of it, then the
 * state with its messages. Killed anywhere, it is done again: every object has the UID that the decision gave it. A
 * result that has been replaced meanwhile is left alone, and what was stored of the decision is taken back.
 */
export async function applyReview(
  id: number,
  dependencies: ApplyReviewDependencies,
  signal: AbortSignal,
): Promise<void> {
  const review = await dependencies.state.read.review(id);
  if (review?.state !== "pending") return;
  const start = { parent: readTraceparent(review.traceparent), kind: "consumer" } as const;
  await traced(dependencies.tracer, "apply-review", start, async (span) => {
    span?.note({ "neuronova.outcome": review.decision });
    await applyPending(review, dependencies, signal);
  });
}

async function applyPending(
  review: ReviewRow,
  dependencies: ApplyReviewDependencies,
  signal: AbortSignal,
): Promise<void> {
  const { state } = dependencies;
  const { id } = review;
  const found = await findResult(review.analysisId, state.read);
  if (found === null || !isStanding(found, review)) {
    await takeBack(review, dependencies);
    await state.transaction((transaction) => transaction.supersedeReview(id));
    return;
  }
  const result = await carryOut(review, found, dependencies, signal);
  const finished = await state.transaction(async (transaction) => {
    if (!(await transaction.finishReview(id, result))) return false;
    for (const destination of dependencies.destinations)
      await transaction.addMessage({
        destination,
        aggregate: found.study.patientKey,
        kind: "analysis",
        subject: String(review.analysisId),
      });
    await transaction.appendEvent(eventOf("result.review-applied", review, found));
    return true;
  });
  if (!finished) await takeBack(review, dependencies);
}

/** Records that a decision cannot be carried out, with the reason. */
export async function failReview(
  id: number,
  error: unknown,
  { state }: Pick<ApplyReviewDependencies, "state">,
): Promise<void> {
  const review = await state.read.review(id);
  const found = review && (await findResult(review.analysisId, state.read));
  await state.transaction(async (transaction) => {
    const failed = await transaction.failReview(id, reasonOf(error));
    if (failed && review && found)
      await transaction.appendEvent(eventOf("result.review-failed", review, found));
  });
}

function isStanding({ analysis }: FoundResult, { reportSopInstanceUid }: ReviewRow): boolean {
  return analysis.state === "succeeded" && analysis.result.report.sopInstanceUid === reportSopInstanceUid;
}

function carryOut(
  review: ReviewRow,
  found: FoundResult,
  dependencies: ApplyReviewDependencies,
  signal: AbortSignal,
): Promise<AnalysisResult> {
  switch (review.decision) {
    case "accepted":
      return accept(review, found, dependencies);
    case "rejected":
      return reject(review, found, dependencies);
    case "edited":
      return edit(review, found, dependencies, signal);
  }
}

/** The report is verified, everything else stays as it is; what was held goes into the archive. */
async function accept(
  review: ReviewRow,
  found: FoundResult,
  dependencies: ApplyReviewDependencies,
): Promise<AnalysisResult> {
  const { result } = found.analysis;
  const report = await storeVerified(
    review,
    found,
    () => fileOf(result.report, review, dependencies),
    dependencies,
  );
  const segmentation = await published(result.segmentation, review, dependencies);
  const attention = await published(result.attention ?? null, review, dependencies);
  // "AI, not reviewed" is part of the picture, and not true any more.
  await withdraw([result.report, ...(result.summaryImage ? [result.summaryImage] : [])], dependencies);
  return { ...result, held: false, segmentation, report, attention, summaryImage: null };
}

/** Nothing of the result stays; by policy a document says that it was there and why it is not. */
async function reject(
  review: ReviewRow,
  found: FoundResult,
  dependencies: ApplyReviewDependencies,
): Promise<AnalysisResult> {
  const { result } = found.analysis;
  const wasPublished = result.report.orthancId !== null;
  if (wasPublished && dependencies.rejectedResults === "key-object") {
    const image = await imageOf(found, dependencies);
    const document = writeRejection(review.reportSopInstanceUid, rejectedObjects(result), review, image);
    await dependencies.archive.storeInstance(document.bytes);
  }
  await withdraw(objectsOf(result), dependencies);
  return result;
}

/** The corrected segmentation and its measurements, verified, take the place of everything that the model made. */
async function edit(
  review: ReviewRow,
  found: FoundResult,
  dependencies: ApplyReviewDependencies,
  signal: AbortSignal,
): Promise<AnalysisResult> {
  const { result } = found.analysis;
  const corrected = await dependencies.correct(review, found, signal);
  const segmentation =
    corrected.segmentation === undefined ? null : await store(corrected.segmentation, dependencies);
  const bytes = () => Promise.resolve(corrected.report.bytes);
  const report = await storeVerified(review, found, bytes, dependencies);
  await withdraw(objectsOf(result), dependencies);
  // How sure the model was, and where it looked, says nothing about what a person drew.
  const ofTheModel = { confidence: null, attention: null, summaryImage: null };
  return { ...result, ...ofTheModel, held: false, segmentation, report, segments: corrected.segments };
}

async function storeVerified(
  review: ReviewRow,
  found: FoundResult,
  unverified: () => Promise<Uint8Array>,
  dependencies: ApplyReviewDependencies,
): Promise<StoredObject> {
  const { seriesInstanceUid } = found.analysis.result.report;
  const { verifiedSopInstanceUid: sopInstanceUid, reportSopInstanceUid } = review;
  if (sopInstanceUid === null) throw new TypeError("a rejection verifies nothing");
  // An attempt before this one may have withdrawn the unverified one.
  const orthancId = await findInSeries(seriesInstanceUid, sopInstanceUid, dependencies.archive);
  if (orthancId !== undefined)
    return {
      ...found.analysis.result.report,
      orthancId,
      sopInstanceUid: sopInstanceUid as StoredObject["sopInstanceUid"],
    };
  const { studyInstanceUid } = found.study;
  const predecessor = { studyInstanceUid, seriesInstanceUid, sopInstanceUid: reportSopInstanceUid };
  const image = await imageOf(found, dependencies);
  const bytes = verifyReport(await unverified(), sopInstanceUid, review, image, predecessor);
  return store({ seriesInstanceUid, sopInstanceUid, bytes }, dependencies);
}

/** What is in the archive already, or goes there now. */
async function published(
  object: StoredObject | null,
  review: ReviewRow,
  dependencies: ApplyReviewDependencies,
): Promise<StoredObject | null> {
  if (object === null || object.orthancId !== null) return object;
  return store({ ...object, bytes: await fileOf(object, review, dependencies) }, dependencies);
}

async function store(
  { seriesInstanceUid, sopInstanceUid, bytes }: MadeInstance,
  { archive }: ApplyReviewDependencies,
): Promise<StoredObject> {
  return {
    orthancId: await archive.storeInstance(bytes),
    seriesInstanceUid: seriesInstanceUid as StoredObject["seriesInstanceUid"],
    sopInstanceUid: sopInstanceUid as StoredObject["sopInstanceUid"],
  };
}

async function fileOf(
  { orthancId, sopInstanceUid }: StoredObject,
  { analysisId }: ReviewRow,
  { archive, held }: ApplyReviewDependencies,
): Promise<Uint8Array> {
  const taking = { allocate: (bytes: number) => Buffer.alloc(bytes), largestBytes: LARGEST_OBJECT_BYTES };
  const file =
    orthancId === null
      ? await held.read(analysisId, sopInstanceUid)
      : await archive.readFile(orthancId, taking);
  if (file === null)
    throw new ReviewFault("result-object-missing", "an object of the result is not there any more");
  return file;
}

/** One of the images: who the patient is, which study it belongs to. The same whenever it is asked for. */
async function imageOf({ series }: FoundResult, { archive }: ApplyReviewDependencies): Promise<DataSet> {
  const [first] = [...series.instances].sort((one, other) =>
    one.sopInstanceUid < other.sopInstanceUid ? -1 : 1,
  );
  if (first === undefined) throw new ReviewFault("images-missing", "the series has no images any more");
  return archive.dataSet(first.orthancId);
}

/** Takes what a decision stored out of the archive again. */
async function takeBack(review: ReviewRow, dependencies: ApplyReviewDependencies): Promise<void> {
  const { report, segmentation } = review.original;
  const stored = [
    [report.seriesInstanceUid, review.verifiedSopInstanceUid],
    [segmentation?.seriesInstanceUid, review.correctedSopInstanceUid],
  ] as const;
  for (const [seriesInstanceUid, sopInstanceUid] of stored) {
    if (seriesInstanceUid === undefined || sopInstanceUid === null) continue;
    const orthancId = await findInSeries(seriesInstanceUid, sopInstanceUid, dependencies.archive);
    if (orthancId !== undefined) await withdrawOne(orthancId, dependencies);
  }
}

async function withdraw(
  objects: readonly StoredObject[],
  dependencies: ApplyReviewDependencies,
): Promise<void> {
  for (const { orthancId } of objects) if (orthancId !== null) await withdrawOne(orthancId, dependencies);
}

async function withdrawOne(
  orthancId: OrthancId,
  { archive, forget }: ApplyReviewDependencies,
): Promise<void> {
  await archive.deleteInstance(orthancId);
  await forget(orthancId);
}

function eventOf(
  event: "result.review-applied" | "result.review-failed",
  { decision }: ReviewRow,
  { analysis, series, study }: FoundResult,
) {
  return {
    event,
    studyInstanceUid: study.studyInstanceUid,
    seriesInstanceUid: series.seriesInstanceUid,
    data: {
      analysis: analysis.id,
      model: analysis.modelName,
      version: analysis.modelVersion,
      decision,
    },
  };
}
