import type { ServerResponse } from "node:http";
import { TRANSFER_SYNTAX } from "../dicom/transfer-syntax.js";

/** nginx's named location that passes method, body and query on to Orthanc (nginx/). */
const HANDED_ON = { "X-Accel-Redirect": "@orthanc", "Cache-Control": "private, no-store" };

/** What Orthanc is asked for in its own words: it reads one form of Accept only, and errs on others. */
const FRAMES = {
  stored: 'multipart/related; type="application/octet-stream"; transfer-syntax=*',
  decoded: `multipart/related; type="application/octet-stream"; transfer-syntax=${TRANSFER_SYNTAX.ExplicitVRLittleEndian}`,
} as const;

/** @param accept stands in for the client's Accept header; nginx reads it (nginx/neuronova.conf) */
export function toOrthanc(response: ServerResponse, accept?: string): "orthanc" {
  response.writeHead(200, accept === undefined ? HANDED_ON : { ...HANDED_ON, "X-Orthanc-Accept": accept });
  response.end();
  return "orthanc";
}

export function framesFromOrthanc(response: ServerResponse, content: keyof typeof FRAMES): "orthanc" {
  return toOrthanc(response, FRAMES[content]);
}
