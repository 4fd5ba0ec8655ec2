export interface NewBreakGlass {
  readonly subject: string;
  readonly displayName: string;
  readonly role: string;
  /** The token it was asked with; never the token itself. */
  readonly tokenId: string;
  readonly studyInstanceUid: string | null;
  readonly patientKey: string | null;
  readonly reason: string;
  readonly sourceAddress: string;
  readonly userAgent: string;
  readonly expiresAt: Date;
}

/** One break-glass access, with everything an auditor asks about it. */
export interface BreakGlassRecord extends NewBreakGlass {
  readonly id: number;
  readonly grantedAt: Date;
  readonly endedAt: Date | null;
  readonly endedBy: string | null;
  readonly acknowledgedAt: Date | null;
  readonly acknowledgedBy: string | null;
  readonly acknowledgement: string | null;
}

export interface BreakGlassSearch {
  /** Only what nobody has acknowledged yet. */
  readonly unacknowledged: boolean;
  readonly limit: number;
  readonly offset: number;
}

/** Break-glass accesses. Rows are never deleted and what was recorded never changes. */
export interface BreakGlassStore {
  add(access: NewBreakGlass): Promise<number>;
  /** Newest first. */
  list(search: BreakGlassSearch): Promise<BreakGlassRecord[]>;
  find(id: number): Promise<BreakGlassRecord | null>;
  /** False when it is over already. */
  end(id: number, by: string): Promise<boolean>;
  /** False when there is no such access, or it was acknowledged before. */
  acknowledge(id: number, by: string, comment: string): Promise<boolean>;
}
