import { randomInt } from "node:crypto";
import { part10File, type Part10Element } from "./part10.js";
import type { RunningStack } from "./running-stack.js";

export const BOUNDARY = "stow-boundary-7f9c";
export const MULTIPART = `multipart/related; type="application/dicom"; boundary=${BOUNDARY}`;

/** Raw Data Storage: an instance needs no pixels to be one. */
const RAW_DATA = "1.2.840.10008.5.1.4.1.1.66";

export interface Described {
  readonly study: string;
  readonly sop: string;
  readonly bytes: Buffer;
}

export interface Description {
  readonly study?: string;
  readonly patientId?: string;
  readonly issuer?: string;
  readonly characterSet?: string;
  /** After the other elements, wherever their tags belong. */
  readonly more?: readonly Part10Element[];
  readonly syntax?: string;
}

export function newUid(): string {
  return `1.2.826.0.1.3680043.8.498.${randomInt(1_000_000, 2_000_000_000)}.${randomInt(1_000_000, 2_000_000_000)}`;
}

/** A small instance; text is given byte by byte, as it is to stand in the file. */
export function instance(description: Description): Described {
  const { study = newUid(), patientId, issuer, characterSet, more = [], syntax } = description;
  const sop = newUid();
  const elements: Part10Element[] = [
    ...(characterSet === undefined ? [] : [{ tag: 0x00080005, vr: "CS", value: even(characterSet, " ") }]),
    { tag: 0x00080016, vr: "UI", value: even(RAW_DATA, "\0") },
    { tag: 0x00080018, vr: "UI", value: even(sop, "\0") },
    { tag: 0x00080060, vr: "CS", value: "OT" },
    { tag: 0x00100010, vr: "PN", value: "Upload^Test " },
    ...(patientId === undefined ? [] : [{ tag: 0x00100020, vr: "LO", value: even(patientId, " ") }]),
    ...(issuer === undefined ? [] : [{ tag: 0x00100021, vr: "LO", value: even(issuer, " ") }]),
    { tag: 0x0020000d, vr: "UI", value: even(study, "\0") },
    { tag: 0x0020000e, vr: "UI", value: even(`${study.slice(0, 60)}.1`, "\0") },
    ...more,
  ];
  return { study, sop, bytes: part10File(elements, syntax) };
}

function even(text: string, padding: string): string {
  return text.length % 2 === 0 ? text : text + padding;
}

/** The body of a Store Instances request. */
export function multipart(files: readonly Uint8Array[], boundary = BOUNDARY): Buffer {
  return Buffer.concat([
    ...files.flatMap((file) => [
      Buffer.from(`--${boundary}\r\nContent-Type: application/dicom\r\n\r\n`),
      file,
      Buffer.from("\r\n"),
    ]),
    Buffer.from(`--${boundary}--\r\n`),
  ]);
}

interface ResponseItem {
  readonly "00081155"?: { readonly Value: readonly [string] };
  readonly "00081190"?: { readonly Value: readonly [string] };
  readonly "00081197"?: { readonly Value: readonly [number] };
}

export interface StoreAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** SOP Instance UIDs, or empty where the answer has none. */
  readonly stored: readonly string[];
  readonly urls: readonly string[];
  /** Failure reasons, in hexadecimal. */
  readonly reasons: readonly string[];
  readonly text: string;
}

export async function readAnswer(response: Response): Promise<StoreAnswer> {
  const text = await response.text();
  const isStoreResponse = response.headers.get("content-type")?.startsWith("application/dicom+json") === true;
  const body = (isStoreResponse ? JSON.parse(text) : {}) as Record<
    string,
    { Value?: ResponseItem[] } | undefined
  >;
  const stored = body["00081199"]?.Value ?? [];
  const failed = body["00081198"]?.Value ?? [];
  return {
    status: response.status,
    headers: response.headers,
    stored: stored.map((item) => item["00081155"]?.Value[0] ?? ""),
    urls: stored.map((item) => item["00081190"]?.Value[0] ?? ""),
    reasons: failed.map((item) => item["00081197"]?.Value[0].toString(16) ?? ""),
    text,
  };
}

/** Stores by STOW-RS through nginx. */
export async function upload(
  stack: RunningStack,
  token: string,
  files: readonly Uint8Array[],
  options: {
    readonly study?: string;
    readonly headers?: Record<string, string>;
    readonly body?: Buffer;
  } = {},
): Promise<StoreAnswer> {
  const path = options.study === undefined ? "/dicom-web/studies" : `/dicom-web/studies/${options.study}`;
  return readAnswer(
    await fetch(stack.local.address + path, {
      method: "POST",
      headers: { Authorization: `Bearer ${token}`, "Content-Type": MULTIPART, ...options.headers },
      body: options.body ?? multipart(files),
    }),
  );
}

/** Whether Orthanc holds the instance. */
export async function holds(stack: RunningStack, sop: string): Promise<boolean> {
  const found = await stack.orthancJson<string[]>("/tools/find", {
    method: "POST",
    body: JSON.stringify({ Level: "Instance", Query: { SOPInstanceUID: sop } }),
  });
  return found.length > 0;
}
