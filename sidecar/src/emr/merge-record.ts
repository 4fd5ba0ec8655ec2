import type { Actor, ClinicalKind } from "./records.js";

/** Two records of one person made one, and whether that was undone. */
export interface MergeRecord {
  readonly id: string;
  /** The patient that stands no longer for itself. */
  readonly mergedId: string;
  readonly survivorId: string;
  readonly reason: string;
  readonly mergedAt: Date;
  readonly mergedBy: Actor;
  /** What was moved to the survivor: just this goes back. */
  readonly moved: readonly { readonly kind: ClinicalKind; readonly id: string }[];
  readonly undone: { readonly at: Date; readonly by: Actor; readonly reason: string } | null;
}
