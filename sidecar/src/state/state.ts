import type { OrthancId } from "../dicom/uid.js";
import type { DestinationName, MessageKind } from "../outbox/message.js";
import type { Holder, MessageFault, Write } from "../outbox/outbox-store.js";
import type { NewEvent, StoredEvent } from "./events.js";
import type { FhirResourceKey } from "./fhir-resource-key.js";
import type {
  AnalysisInputOf,
  AnalysisPriority,
  AnalysisRequest,
  AnalysisResult,
  ResultFigures,
  AnalysisRow,
  ArrivedInstance,
  InstanceRow,
  RenditionRecord,
  SeriesRecord,
  SeriesState,
  StudyRecord,
} from "./records.js";
import type { ReviewReads, ReviewTransaction } from "./review-records.js";

export type { FhirResourceKey } from "./fhir-resource-key.js";

/**
 * What the program remembers, in MySQL. Redis may be wiped and any process killed: this is what work resumes from.
 * A change of state, the events that tell of it and the messages that carry it elsewhere are one transaction.
 */
export interface State {
  /** Runs the work in one transaction, again from its start after a deadlock; listeners are woken after commit. */
  transaction<T>(work: (transaction: StateTransaction) => Promise<T>): Promise<T>;
  readonly read: StateReads;
}

export interface StateTransaction extends ReviewTransaction {
  /**
   * Writes instances of one series, and the series and its study where `parents` are given.
   * @returns where they belong, and those that are new or have another file than was known
   */
  recordInstances(
    seriesId: OrthancId,
    parents: { readonly study: StudyRecord; readonly series: SeriesRecord } | null,
    instances: readonly ArrivedInstance[],
  ): Promise<RecordedInstances>;
  /** The series is receiving again and becomes stable after the given quiet time. */
  openSeries(seriesId: OrthancId, stableAfterSeconds: number): Promise<void>;
  /** Claims one receiving series whose quiet time is over, skipping those another process holds. */
  claimQuietSeries(): Promise<SeriesToSettle | null>;
  settleSeries(seriesId: OrthancId): Promise<void>;
  /**
   * Somebody who sends the study says that all of it has come: its quiet times are over.
   * @returns how many series were receiving
   */
  endQuietTimes(studyId: OrthancId): Promise<number>;
  /** @returns the series when that was its last instance: it is forgotten with its analyses, and perhaps its study */
  deleteInstance(orthancId: OrthancId): Promise<ForgottenSeries | null>;
  /** Remembers an instance of which nothing may be derived; false when the same was known. */
  refuseInstance(orthancId: OrthancId, fileUuid: string, reason: string): Promise<boolean>;
  /** A person asks for a refused instance to be looked at again; false when there is none. */
  reconsiderInstance(orthancId: OrthancId): Promise<boolean>;
  forgetRefusedInstance(orthancId: OrthancId): Promise<void>;
  /** @returns those whose file is the one worked on, and that were not rendered before */
  markRendered(
    rendered: readonly (InstanceFile & { readonly rendition: RenditionRecord })[],
  ): Promise<Set<OrthancId>>;
  /** A rendition of this file may have replaced that of a newer one, which is made again. */
  voidRendition(orthancId: OrthancId, fileUuid: string): Promise<boolean>;
  /** Each answers false when the instance's file is not the one worked on any more. */
  markNotRenderable(orthancId: OrthancId, fileUuid: string, reason: string): Promise<boolean>;
  markRenditionFailed(orthancId: OrthancId, fileUuid: string, reason: string): Promise<boolean>;
  /** A failed rendition is asked for again by a person. */
  requestRendition(orthancId: OrthancId): Promise<boolean>;
  /** What is attached is not the rendition that was made: it is not served from here on, and made again. */
  markRenditionBad(orthancId: OrthancId, fileUuid: string, renditionMd5: string | null): Promise<boolean>;
  /**
   * One row per series, model and version, and another for its shadow. A changed input queues it again; so does a person's request when it came to
   * nothing.
   */
  queueAnalysis(
    seriesId: OrthancId,
    modelName: string,
    modelVersion: string,
    input: AnalysisInputOf,
    asked: { readonly request?: AnalysisRequest | undefined; readonly shadow?: boolean },
  ): Promise<{ readonly analysis: AnalysisRow; readonly queued: boolean }>;
  startAnalysis(id: number, inputDigest: string): Promise<boolean>;
  /** A worker lets go of a running analysis; one that is killed does not. */
  interruptAnalysis(id: number, inputDigest: string): Promise<void>;
  /** False also when it is to be canceled: then what was stored of it is withdrawn. */
  finishAnalysis(id: number, inputDigest: string, result: AnalysisResult | ResultFigures): Promise<boolean>;
  /**
   * Ends it with nothing to show: its earlier result is forgotten, the archive must not have it any more; unless it is
   * kept.
   */
  endAnalysis(
    id: number,
    inputDigest: string,
    state: "failed" | "not-applicable" | "canceled",
    code: string,
    reason: string,
    keepResult?: boolean,
  ): Promise<boolean>;
  /** An analysis that failed, was canceled or did not apply is queued again; the request says who asked. */
  retryAnalysis(id: number, request?: AnalysisRequest): Promise<boolean>;
  recordProgress(id: number, slicesDone: number): Promise<void>;
  /** Cancels an analysis that nobody has begun and that has no result; false for others. */
  cancelUnbegun(id: number, canceledBy: string): Promise<boolean>;
  /** Asks for a queued or running analysis to end; false when it is over. */
  requestCancel(id: number, canceledBy: string): Promise<boolean>;
  appendEvent(event: NewEvent): Promise<void>;
  appendEvents(events: readonly NewEvent[]): Promise<void>;
  /** A message to a destination: what changed, never its content; delivery reads the newest state. */
  addMessage(message: NewMessage): Promise<void>;
  /** Ends delivered messages, as OutboxStore says. */
  settleDelivered(holder: Holder, writes: readonly Write[]): Promise<void>;
  settleFailed(ids: readonly number[], fault: MessageFault): Promise<void>;
  /** Failed messages wait again. */
  retryMessages(kind: NewMessage["kind"], subject: string): Promise<boolean>;
  recordFhirResources(resources: readonly FhirResourceKey[]): Promise<void>;
  setCursor(name: string, value: number): Promise<void>;
}

/** An instance, as long as it has this file. */
export type InstanceFile = Pick<InstanceRow, "orthancId" | "fileUuid">;

export interface ForgottenSeries {
  readonly studyId: OrthancId;
  readonly patientKey: string;
  /** Those that had a result. */
  readonly analyses: readonly number[];
}

export interface RecordedInstances {
  readonly studyInstanceUid: string;
  readonly seriesInstanceUid: string;
  readonly modality: string;
  readonly fresh: readonly ArrivedInstance[];
}

export interface SeriesToSettle {
  readonly seriesId: OrthancId;
  readonly studyId: OrthancId;
  readonly seriesInstanceUid: string;
  readonly studyInstanceUid: string;
  readonly patientKey: string;
  readonly modality: string;
}

/** An unfinished analysis, with what decides when its turn is. */
export interface PendingAnalysis {
  readonly id: number;
  readonly inputDigest: string;
  readonly priority: AnalysisPriority;
  readonly slices: number;
  /** Unfinished analyses of the same study that were there before it. */
  readonly ahead: number;
}

export interface NewMessage {
  readonly destination: DestinationName;
  /** Messages of one aggregate are delivered in order. */
  readonly aggregate: string;
  readonly kind: MessageKind;
  readonly subject: string;
}

export interface SeriesDetails extends SeriesRecord {
  readonly state: SeriesState;
  readonly instances: readonly InstanceRow[];
}

/** An instance with the DICOM identifiers of where it belongs. */
export interface LocatedInstance extends InstanceRow {
  readonly seriesInstanceUid: string;
  readonly studyInstanceUid: string;
}

export interface StateReads extends ReviewReads {
  cursor(name: string): Promise<number>;
  instance(orthancId: OrthancId): Promise<LocatedInstance | null>;
  /** In the order asked for. */
  instances(orthancIds: readonly OrthancId[]): Promise<(LocatedInstance | null)[]>;
  /** The files of those instances that are known. */
  fileUuids(orthancIds: readonly OrthancId[]): Promise<Map<OrthancId, string>>;
  /** Those of the series that are known. */
  knownSeries(orthancIds: readonly OrthancId[]): Promise<Set<OrthancId>>;
  /** Every instance with the state of its file, for the sweep. */
  instanceIds(): Promise<Map<OrthancId, string>>;
  /** Refused instances with the file that was looked at; null when they are to be looked at again. */
  refusedInstances(): Promise<Map<OrthancId, string | null>>;
  study(orthancId: OrthancId): Promise<StudyRecord | null>;
  studiesByUid(studyInstanceUid: string): Promise<StudyRecord[]>;
  seriesOfStudy(studyId: OrthancId): Promise<SeriesDetails[]>;
  series(orthancId: OrthancId): Promise<SeriesDetails | null>;
  /** The instance at a DICOMweb address; more than one when two patients share a Study Instance UID. */
  locate(studyInstanceUid: string, seriesInstanceUid: string, sopInstanceUid: string): Promise<InstanceRow[]>;
  analysis(id: number): Promise<AnalysisRow | null>;
  /** Without shadows. */
  analysesOfStudy(studyId: OrthancId): Promise<AnalysisRow[]>;
  shadowAnalysesOfStudy(studyId: OrthancId): Promise<AnalysisRow[]>;
  /** Series that are receiving, with the number of their instances; those due first come first. */
  receivingSeries(
    limit: number,
  ): Promise<(SeriesRecord & { readonly state: SeriesState; readonly instanceCount: number })[]>;
  /** Until the next receiving series has been quiet for long enough, by the database's clock; null when none is receiving. */
  millisecondsToNextStability(): Promise<number | null>;
  /** Work that waits or was interrupted: the queue is filled again from these. What may wait is not among them. */
  pendingRenditions(limit: number): Promise<{ orthancId: OrthancId; fileUuid: string }[]>;
  pendingAnalyses(limit: number): Promise<PendingAnalysis[]>;
  /** Models that a person had analyse the series, and nobody canceled. */
  modelsRequestedFor(seriesId: OrthancId): Promise<{ name: string; version: string }[]>;
  /** Those of the analyses that are unfinished. */
  pendingAmong(ids: readonly number[]): Promise<PendingAnalysis[]>;
  /** Those of the analyses that somebody wants to end. */
  cancelRequestedAmong(ids: readonly number[]): Promise<number[]>;
  eventsAfter(sequence: number, limit: number): Promise<StoredEvent[]>;
  lastEventSequence(): Promise<number>;
}
