import type { StudyMatch, StudyToMatch } from "./match-study.js";
import type { Actor } from "./records.js";

export interface IdentityItem {
  readonly id: string;
  /** `study`: whose it is, is not certain. `duplicate`: two records that may be of one person. `chart`: another EMR's. */
  readonly kind: "study" | "duplicate" | "chart";
  readonly state: "open" | "resolved";
  readonly openedAt: Date;
  readonly reasons: readonly string[];
  /** Patients it may be about. */
  readonly candidates: readonly string[];
  /** What the study says, as it is now; null when it is gone, or there is none. */
  readonly study: {
    readonly studyInstanceUid: string;
    readonly patientId: string;
    readonly issuerOfPatientId: string;
    readonly patientName: string;
    readonly patientBirthDate: string;
    readonly patientSex: string;
    readonly accessionNumber: string;
  } | null;
  readonly resolution: {
    readonly action: string;
    readonly patientId: string | null;
    readonly at: Date;
    /** null: it settled itself, what it was about having changed. */
    readonly by: Actor | null;
    readonly comment: string | null;
  } | null;
}

/** What a person decided about a study. It holds as long as what they decided on is as it was. */
export interface StudyDecision {
  readonly state: "linked" | "rejected";
  readonly patientId: string | null;
  readonly facts: string;
}

/** A study whose patient is to be looked at again, held until the end of the transaction. */
export interface DueStudy {
  readonly studyId: string;
  /** null: it is not in the archive any more. */
  readonly study: StudyToMatch | null;
  readonly decision: StudyDecision | null;
  readonly linkedTo: string | null;
}

export interface IdentityTransaction {
  /** The next study to look at, skipping those another process holds; null when there is none. */
  claimDueStudy(defaultIssuer: string): Promise<DueStudy | null>;
  /** Settles the link as it was matched; what has to be told elsewhere is. */
  keepMatch(due: DueStudy, match: StudyMatch): Promise<void>;
  lockItem(id: string): Promise<{ readonly item: IdentityItem; readonly studyId: string | null } | null>;
  decideStudy(studyId: string, patientId: string | null, actor: Actor): Promise<void>;
  /** Has the study looked at again, whatever was decided before. */
  reopenStudy(studyId: string): Promise<void>;
  /** Has the chart an item is about looked at again, by what was decided. */
  reconsiderChart(itemId: string): Promise<void>;
  resolveItem(
    id: string,
    action: string,
    patientId: string | null,
    comment: string | null,
    actor: Actor,
  ): Promise<void>;
}

/** Which study is whose, and what of it a person has to decide. */
export interface IdentityStore {
  transaction<T>(work: (transaction: IdentityTransaction) => Promise<T>): Promise<T>;
  /** Oldest first. */
  list(
    state: "open" | "resolved",
    limit: number,
    after: number | null,
  ): Promise<{ readonly items: readonly IdentityItem[]; readonly next: number | null }>;
  item(id: string): Promise<IdentityItem | null>;
  /** Studies without an issuer are looked at again when another default issuer is set. */
  reconsiderWithoutIssuer(): Promise<void>;
}
