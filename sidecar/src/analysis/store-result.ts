import { ArchiveError, type Archive } from "../archive/archive.js";
import type { OrthancId } from "../dicom/uid.js";
import type { AnalysisResult, AnalysisRow, ResultFigures, StoredObject } from "../state/records.js";
import type { MadeObject, SucceededOutcome } from "./outcome.js";

export interface ArchiveOfResults {
  readonly archive: Pick<Archive, "storeInstance" | "instancesOfSeries" | "deleteInstance" | "fileUuid">;
  /** Forgets an instance that was withdrawn from the archive. */
  readonly forget: (orthancId: OrthancId) => Promise<void>;
}

/** The objects of a result by what they are in it. */
const OBJECTS = ["segmentation", "report", "attention", "summaryImage"] as const;

/** Stores the objects of a result in the archive, where they replace those of an earlier input. */
export async function publishResult(
  outcome: SucceededOutcome,
  dependencies: ArchiveOfResults,
): Promise<AnalysisResult> {
  return keepObjects(outcome, (made) => storeOnly(made, dependencies));
}

/** Where objects wait that nobody but reviewers is to see. */
export interface HeldObjects {
  /** Keeps an object of an analysis; the same UID again takes its place. */
  keep(analysisId: number, sopInstanceUid: string, bytes: Uint8Array): Promise<void>;
  /** null when it is not kept (any more). */
  read(analysisId: number, sopInstanceUid: string): Promise<Uint8Array<ArrayBuffer> | null>;
  /** Forgets all objects of an analysis but these, and but segmentations that somebody has corrected. */
  dropOthers(analysisId: number, sopInstanceUids: readonly string[]): Promise<void>;
}

/** Keeps the objects of a result aside. What was published of an earlier input is withdrawn: it is superseded. */
export async function holdResult(
  { id, result: earlier }: AnalysisRow,
  outcome: SucceededOutcome,
  dependencies: ArchiveOfResults & { readonly held: HeldObjects },
): Promise<AnalysisResult> {
  const { held } = dependencies;
  const result = await keepObjects(outcome, async ({ seriesInstanceUid, sopInstanceUid, bytes }) => {
    await held.keep(id, sopInstanceUid, bytes);
    return { orthancId: null, ...uids(seriesInstanceUid, sopInstanceUid) };
  });
  await held.dropOthers(
    id,
    objectsOf(result).map(({ sopInstanceUid }) => sopInstanceUid),
  );
  const series = [...objectsOf(result), ...(earlier === null ? [] : objectsOf(earlier))];
  for (const uid of new Set(series.map(({ seriesInstanceUid }) => seriesInstanceUid)))
    await withdrawSeries(uid, null, dependencies);
  return { ...result, held: true };
}

/** Every object that a result consists of. */
export function objectsOf(result: AnalysisResult): StoredObject[] {
  return OBJECTS.flatMap((name) => result[name] ?? []);
}

async function keepObjects(
  outcome: SucceededOutcome,
  keep: (made: MadeObject) => Promise<StoredObject>,
): Promise<AnalysisResult> {
  const keepIf = (made: MadeObject | undefined) => (made === undefined ? null : keep(made));
  // All at the same time; when one fails the others are not left running behind the back of the next attempt.
  const [report, segmentation, attention, summaryImage] = await Promise.allSettled([
    keep(outcome.report),
    keepIf(outcome.segmentation),
    keepIf(outcome.attention),
    keepIf(outcome.summaryImage),
  ]);
  return {
    segmentation: kept(segmentation),
    attention: kept(attention),
    summaryImage: kept(summaryImage),
    report: kept(report),
    ...figuresOf(outcome),
  };
}

/** What a result says, without the objects that say it. */
export function figuresOf({
  segments,
  scores,
  confidence,
  engine,
  modelMilliseconds,
}: SucceededOutcome): ResultFigures {
  return { segments, scores, confidence, engine, modelMilliseconds };
}

function kept<Kept>(settled: PromiseSettledResult<Kept>): Kept {
  if (settled.status === "rejected") throw settled.reason;
  return settled.value;
}

/** Stores an object and withdraws every other one of its series: series of results are this program's own. */
export async function storeOnly(
  { seriesInstanceUid, sopInstanceUid, bytes }: MadeObject,
  { archive, forget }: ArchiveOfResults,
): Promise<StoredObject> {
  const orthancId = await archive.storeInstance(bytes);
  const held = await withdrawSeries(seriesInstanceUid, orthancId, { archive, forget });
  if (!held) throw new ArchiveError("archive-refused", true, "Orthanc does not hold the result it accepted");
  return { orthancId, ...uids(seriesInstanceUid, sopInstanceUid) };
}

/** Takes every instance of a result series but one out of the archive; answers whether the archive holds that one. */
export async function withdrawSeries(
  seriesInstanceUid: string,
  except: OrthancId | null,
  { archive, forget }: ArchiveOfResults,
): Promise<boolean> {
  const held = await archive.instancesOfSeries(seriesInstanceUid);
  const others = held.filter((orthancId) => orthancId !== except);
  for (const orthancId of others) {
    await archive.deleteInstance(orthancId);
    await forget(orthancId);
  }
  if (except === null || others.length === 0) return except !== null && held.includes(except);
  return (await archive.fileUuid(except)) !== null;
}

function uids(seriesInstanceUid: string, sopInstanceUid: string) {
  return {
    seriesInstanceUid: seriesInstanceUid as StoredObject["seriesInstanceUid"],
    sopInstanceUid: sopInstanceUid as StoredObject["sopInstanceUid"],
  };
}
