import type { Coding, ContentOf, RecordKind } from "./records.js";

/** What a record is found by, beside its patient. */
export interface RecordColumns {
  readonly encounterId: string | null;
  readonly orderId: string | null;
  readonly status: string;
  readonly category: string | null;
  /** When what it tells of was; null: when it was recorded. */
  readonly effectiveAt: Date | null;
  readonly codes: readonly Coding[];
}

const NOTHING = { encounterId: null, orderId: null, category: null, effectiveAt: null, codes: [] };

/** Columns of a record, from its content alone. */
export const COLUMNS: {
  readonly [Kind in RecordKind]: (content: ContentOf[Kind]) => RecordColumns;
} = {
  patient: ({ status }) => ({ ...NOTHING, status }),
  encounter: ({ status, class: encounterClass, types, reasons, startAt }) => ({
    ...NOTHING,
    status,
    category: asciiCode(encounterClass),
    effectiveAt: new Date(startAt),
    codes: [encounterClass, ...types, ...reasons],
  }),
  condition: ({ encounterId, clinicalStatus, verificationStatus, category, codes, onsetDate }) => ({
    ...NOTHING,
    encounterId,
    status: verificationStatus === "entered-in-error" ? verificationStatus : clinicalStatus,
    category,
    effectiveAt: onsetDate === null ? null : new Date(onsetDate),
    codes,
  }),
  order: (order) => ({
    ...NOTHING,
    encounterId: order.encounterId,
    status: order.status,
    category: order.kind,
    codes: order.kind === "medication" ? order.items.flatMap(({ drug }) => drug) : order.codes,
  }),
  observation: ({ encounterId, orderId, status, category, codes, effectiveAt }) => ({
    encounterId,
    orderId,
    status,
    category,
    effectiveAt: new Date(effectiveAt),
    codes,
  }),
  report: ({ encounterId, orderId, status, category, codes, effectiveAt }) => ({
    encounterId,
    orderId,
    status,
    category: asciiCode(category),
    effectiveAt: new Date(effectiveAt),
    codes,
  }),
};

/** A column of ASCII; a code in other letters is found by `code`, not by `category`. */
function asciiCode({ code }: Coding): string | null {
  return /^[\x21-\x7e]{1,64}$/.test(code) ? code : null;
}
