import type { ChartQuestions } from "./chart-questions.js";
import type { EmrReach } from "./emr-reach.js";
import type { EmrReads } from "./emr-reads.js";
import type { MergeRecord } from "./merge-record.js";
import type { RecordSearch } from "./record-search.js";
import type {
  Actor,
  ClinicalKind,
  ContentOf,
  PatientIdentifier,
  RadiologyOrder,
  RecordKind,
  RowOf,
} from "./records.js";

export interface Page<Row> {
  readonly records: readonly Row[];
  /** The cursor of the next page; null on the last. */
  readonly next: number | null;
}

/** A study as an order or a patient shows it. */
export interface LinkedStudy {
  readonly studyInstanceUid: string;
  readonly studyDate: string;
  readonly studyDescription: string;
  readonly accessionNumber: string;
  readonly instanceCount: number;
}

export interface ScheduledOrder {
  readonly order: RowOf["order"] & RadiologyOrder;
  readonly patient: RowOf["patient"];
}

/** The EMR's records in the database. */
export interface EmrStore extends EmrReads {
  /** Runs the work in one transaction, again from its start after a deadlock; who waits for messages is woken after commit. */
  transaction<T>(work: (transaction: EmrTransaction) => Promise<T>): Promise<T>;
  /** null also for what is out of reach. */
  find<Kind extends RecordKind>(kind: Kind, id: string, reach: EmrReach): Promise<RowOf[Kind] | null>;
  /** Newest first. */
  search<Kind extends RecordKind>(
    kind: Kind,
    search: RecordSearch,
    reach: EmrReach,
  ): Promise<Page<RowOf[Kind]>>;
  /** What a record was as that version. */
  version<Kind extends RecordKind>(kind: Kind, id: string, version: number): Promise<ContentOf[Kind] | null>;
  patients(ids: readonly string[]): Promise<RowOf["patient"][]>;
  /** Patients with the same name, birth date and sex. */
  possibleDuplicates(patientId: string): Promise<string[]>;
  studiesShownBy(orderId: string): Promise<LinkedStudy[]>;
  merges(patientId: string): Promise<MergeRecord[]>;
  /** Active radiology orders that have a time. */
  scheduledOrders(): Promise<ScheduledOrder[]>;
  /** Answers kept for Idempotency-Keys longer than that are forgotten. */
  forgetAnswers(olderThanHours: number): Promise<number>;
}

/** What was answered to a request that is sent again. */
export interface KeptAnswer {
  readonly requestHash: string;
  readonly answer: unknown;
}

export interface EmrTransaction {
  /** Takes the key; answers what is kept when it was used before. Waits for another request that is using it now. */
  takeIdempotencyKey(keyHash: string, requestHash: string): Promise<KeptAnswer | null>;
  keepAnswer(keyHash: string, answer: unknown): Promise<void>;
  /** The record as it is now, held until the end of the transaction. */
  lock<Kind extends RecordKind>(kind: Kind, id: string): Promise<RowOf[Kind] | null>;
  insert<Kind extends RecordKind>(
    kind: Kind,
    id: string,
    content: ContentOf[Kind],
    actor: Actor,
  ): Promise<RowOf[Kind]>;
  update<Kind extends RecordKind>(
    kind: Kind,
    before: RowOf[Kind],
    content: ContentOf[Kind],
    actor: Actor,
  ): Promise<RowOf[Kind]>;
  /**
   * Makes these the patient's identifiers.
   * @returns the patient that has one of them already, and the identifier; null when they are the patient's now
   */
  claimIdentifiers(
    patientId: string,
    identifiers: readonly PatientIdentifier[],
  ): Promise<{ readonly patientId: string; readonly identifier: PatientIdentifier } | null>;
  /** Of a new or changed patient: what it is found by, and whom it resembles. */
  describePatient(row: RowOf["patient"]): Promise<string[]>;
  /** The accession number is this order's, and no other of that issuer; false when another has it. */
  claimAccession(orderId: string, issuer: string, accessionNumber: string): Promise<boolean>;
  releaseAccession(orderId: string): Promise<void>;
  /** Records of a patient that are not entered in error, and held until the end. */
  recordsOf(patientId: string): Promise<{ readonly kind: ClinicalKind; readonly id: string }[]>;
  unlinkedStudies(patientId: string, studyInstanceUids: readonly string[]): Promise<string[]>;
  setMergedInto(patientId: string, survivorId: string | null): Promise<void>;
  addMerge(merge: MergeRecord): Promise<void>;
  lockMerge(id: string): Promise<MergeRecord | null>;
  /** Merges in force into or of the patient. */
  mergesInForce(patientId: string): Promise<MergeRecord[]>;
  undoMerge(id: string, reason: string, actor: Actor, at: Date): Promise<void>;
  /** Studies that may now belong to another patient are looked at again. */
  reconsiderStudies(patientIds: readonly string[]): Promise<void>;
  /**
   * The record changed: everything it has to be brought to is told so.
   * @param source where the change came from, which is not told
   */
  announce(kind: RecordKind, id: string, patientId: string, source?: string): Promise<void>;
  readonly chartQuestions: ChartQuestions;
}
