import { isReadableUid } from "../dicom/uid.js";

/** Failure Reason (0008,1197), PS3.18 table 10.5.3-2 and PS3.4 table B.2-1. */
export const FAILURE = {
  outOfResources: 0xa700,
  doesNotMatch: 0xa900,
  notUnderstood: 0xc000,
  processingFailure: 0x0110,
  notAuthorized: 0x0124,
} as const;
export type FailureReason = (typeof FAILURE)[keyof typeof FAILURE];

interface SopReference {
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
}

/** What became of one part. */
export type InstanceResult =
  | ({ readonly stored: true; readonly retrieveUrl: string } & SopReference)
  | ({
      readonly stored: false;
      readonly reason: FailureReason;
      /** Of the whole answer, should nothing be stored. */
      readonly status?: 413 | 503;
    } & Partial<SopReference>);

type JsonAttribute =
  | { readonly vr: "UI" | "UR"; readonly Value?: readonly string[] }
  | { readonly vr: "US"; readonly Value: readonly number[] }
  | { readonly vr: "SQ"; readonly Value?: readonly JsonDataSet[] };
export type JsonDataSet = Readonly<Record<string, JsonAttribute>>;

/**
 * The Store Instances Response Module (PS3.18 10.5.3.1, I.2).
 * @param studyUrl the study's, when all that was stored is of one; empty otherwise
 */
export function storeResponse(results: readonly InstanceResult[], studyUrl: string): JsonDataSet {
  const stored = results.flatMap((result) => (result.stored ? [result] : []));
  const failed = results.flatMap((result) => (result.stored ? [] : [result]));
  return {
    "00081190": studyUrl === "" ? { vr: "UR" } : { vr: "UR", Value: [studyUrl] },
    ...(failed.length === 0
      ? {}
      : {
          "00081198": {
            vr: "SQ",
            Value: failed.map(({ reason, sopClassUid, sopInstanceUid }) => ({
              ...referenceOf(sopClassUid, sopInstanceUid),
              "00081197": { vr: "US", Value: [reason] },
            })),
          },
        }),
    ...(stored.length === 0
      ? {}
      : {
          "00081199": {
            vr: "SQ",
            Value: stored.map(({ retrieveUrl, sopClassUid, sopInstanceUid }) => ({
              ...referenceOf(sopClassUid, sopInstanceUid),
              "00081190": { vr: "UR", Value: [retrieveUrl] },
            })),
          },
        }),
  };
}

function referenceOf(sopClassUid: string | undefined, sopInstanceUid: string | undefined): JsonDataSet {
  return {
    ...(sopClassUid !== undefined && isReadableUid(sopClassUid)
      ? { "00081150": { vr: "UI", Value: [sopClassUid] } }
      : {}),
    ...(sopInstanceUid !== undefined && isReadableUid(sopInstanceUid)
      ? { "00081155": { vr: "UI", Value: [sopInstanceUid] } }
      : {}),
  };
}

/** The status (PS3.18 table 10.5.3-1): all stored, some, or none, and then mostly why not. */
export function statusOf(results: readonly InstanceResult[]): number {
  const failures = results.flatMap((result) => (result.stored ? [] : [result]));
  if (failures.length === 0) return 200;
  if (failures.length < results.length) return 202;
  for (const status of [503, 413] as const)
    if (failures.some((failure) => failure.status === status)) return status;
  return failures.every(({ reason }) => reason === FAILURE.notAuthorized) ? 403 : 409;
}

const KEYWORDS: Readonly<Record<string, string>> = {
  "00081150": "ReferencedSOPClassUID",
  "00081155": "ReferencedSOPInstanceUID",
  "00081190": "RetrieveURL",
  "00081197": "FailureReason",
  "00081198": "FailedSOPSequence",
  "00081199": "ReferencedSOPSequence",
};

/** The same in the Native DICOM Model (PS3.19 A.1). */
export function toXml(dataSet: JsonDataSet): string {
  return `<?xml version="1.0" encoding="UTF-8"?><NativeDicomModel xmlns="http://dicom.nema.org/PS3.19/models/NativeDICOM">${attributesOf(dataSet)}</NativeDicomModel>`;
}

function attributesOf(dataSet: JsonDataSet): string {
  return Object.entries(dataSet)
    .map(([tag, { vr, Value }]) => {
      const values = (Value ?? []).map((value, index) =>
        typeof value === "object"
          ? `<Item number="${index + 1}">${attributesOf(value)}</Item>`
          : `<Value number="${index + 1}">${escaped(String(value))}</Value>`,
      );
      return `<DicomAttribute tag="${tag}" vr="${vr}" keyword="${KEYWORDS[tag] ?? ""}">${values.join("")}</DicomAttribute>`;
    })
    .join("");
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
