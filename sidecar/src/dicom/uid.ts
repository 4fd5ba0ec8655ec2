import { createHash } from "node:crypto";

/** A DICOM unique identifier (PS3.5 section 9): up to 64 characters of digits and dots. */
export type Uid = string & { readonly __brand: "Uid" };

/** The identifier Orthanc gives a resource: 40 hexadecimal digits in five groups. Never a DICOM UID. */
export type OrthancId = string & { readonly __brand: "OrthancId" };

const UID = /^(?:0|[1-9][0-9]*)(?:\.(?:0|[1-9][0-9]*))*$/;
/** Archives hold UIDs with leading zeros in a component; they are read, never written. */
const TOLERATED_UID = /^[0-9]+(?:\.[0-9]+)*$/;
const ORTHANC_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{8}){4}$/;

/** Whether the text may be written as a UID (PS3.5 9.1). */
export function isUid(text: string): text is Uid {
  return text.length <= 64 && UID.test(text);
}

/** Whether the text may be read as a UID: as {@link isUid}, but leading zeros are tolerated. */
export function isReadableUid(text: string): text is Uid {
  return text.length > 0 && text.length <= 64 && TOLERATED_UID.test(text);
}

export function isOrthancId(text: string): text is OrthancId {
  return ORTHANC_ID.test(text);
}

/**
 * A UID below 2.25 derived from names: the same names give the same UID (PS3.5 B.2, RFC 9562 version 8 layout).
 * A job that is repeated therefore writes the same instance again instead of a second one.
 */
export function derivedUid(...names: string[]): Uid {
  const digest = createHash("sha256").update(names.join("\u0000")).digest().subarray(0, 16);
  digest[6] = ((digest[6] ?? 0) & 0x0f) | 0x80;
  digest[8] = ((digest[8] ?? 0) & 0x3f) | 0x80;
  return `2.25.${BigInt(`0x${digest.toString("hex")}`).toString()}` as Uid;
}
