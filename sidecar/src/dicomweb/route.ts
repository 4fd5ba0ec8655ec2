import { isReadableUid } from "../dicom/uid.js";

export type DicomWebTransaction =
  | "searchStudies"
  | "searchSeries"
  | "searchInstances"
  | "retrieve"
  | "retrieveMetadata"
  | "retrieveRendered"
  | "retrieveThumbnail"
  | "retrieveFrames"
  | "retrieveBulkData"
  | "storeInstances";

/** A request to `/dicom-web`, understood. */
export interface DicomWebRoute {
  readonly transaction: DicomWebTransaction;
  readonly studyInstanceUid?: string;
  readonly seriesInstanceUid?: string;
  readonly sopInstanceUid?: string;
  /** Numbers from 1, for retrieveFrames. */
  readonly frameNumbers?: readonly number[];
}

const MOST_FRAMES = 1_000;
const FRAME_LIST = /^[1-9]\d{0,8}(,[1-9]\d{0,8})*$/;
/** Orthanc's bulk data addresses: tags and item numbers. */
const BULK_PATH = /^[0-9a-fA-F]{8}(\/\d+\/[0-9a-fA-F]{8})*(\/\d+)?$/;

/**
 * Reads the path of a DICOMweb request (PS3.18 tables 8.2-1, 10.1-1). Only what is listed here passes; the parts must
 * be UIDs and numbers, so nothing that another parser could read differently reaches Orthanc.
 * @param path without query, as the client sent it
 * @returns undefined for everything else
 */
export function parseRoute(method: string, path: string): DicomWebRoute | undefined {
  if (!path.startsWith("/dicom-web/")) return undefined;
  const [resource, ...rest] = path.slice("/dicom-web/".length).split("/");
  if (method === "POST") {
    if (resource !== "studies" || rest.length > 1) return undefined;
    const [study] = rest;
    if (study === undefined) return { transaction: "storeInstances" };
    return isReadableUid(study) ? { transaction: "storeInstances", studyInstanceUid: study } : undefined;
  }
  if (method !== "GET") return undefined;
  if (rest.length === 0) {
    if (resource === "studies") return { transaction: "searchStudies" };
    if (resource === "series") return { transaction: "searchSeries" };
    if (resource === "instances") return { transaction: "searchInstances" };
    return undefined;
  }
  return resource === "studies" ? parseStudyPath(rest) : undefined;
}

function parseStudyPath([studyInstanceUid = "", ...rest]: string[]): DicomWebRoute | undefined {
  if (!isReadableUid(studyInstanceUid)) return undefined;
  const at = { studyInstanceUid };
  const [level, uid, ...below] = rest;
  if (level === "series" && uid !== undefined) return parseSeriesPath(at, [uid, ...below]);
  if (rest.length > 1) return undefined;
  if (level === "series") return { transaction: "searchSeries", ...at };
  if (level === "instances") return { transaction: "searchInstances", ...at };
  return retrieve(level, at);
}

function parseSeriesPath(
  study: { studyInstanceUid: string },
  [seriesInstanceUid = "", ...rest]: string[],
): DicomWebRoute | undefined {
  if (!isReadableUid(seriesInstanceUid)) return undefined;
  const at = { ...study, seriesInstanceUid };
  const [level, sopInstanceUid, action, ...tail] = rest;
  if (level !== "instances") return rest.length > 1 ? undefined : retrieve(level, at);
  if (sopInstanceUid === undefined) return { transaction: "searchInstances", ...at };
  if (!isReadableUid(sopInstanceUid)) return undefined;
  const instance = { ...at, sopInstanceUid };
  if (action === "frames") return parseFrames(instance, tail);
  if (action === "bulk")
    return BULK_PATH.test(tail.join("/")) ? { transaction: "retrieveBulkData", ...instance } : undefined;
  return tail.length > 0 ? undefined : retrieve(action, instance);
}

function parseFrames(
  instance: { studyInstanceUid: string; seriesInstanceUid: string; sopInstanceUid: string },
  [list = "", action, ...tail]: string[],
): DicomWebRoute | undefined {
  if (!FRAME_LIST.test(list) || tail.length > 0) return undefined;
  const frameNumbers = list.split(",").map(Number);
  if (frameNumbers.length > MOST_FRAMES) return undefined;
  if (action === undefined) return { transaction: "retrieveFrames", ...instance, frameNumbers };
  if (frameNumbers.length !== 1) return undefined;
  if (action === "rendered") return { transaction: "retrieveRendered", ...instance, frameNumbers };
  return action === "thumbnail" ? { transaction: "retrieveThumbnail", ...instance, frameNumbers } : undefined;
}

function retrieve(
  action: string | undefined,
  at: Omit<DicomWebRoute, "transaction">,
): DicomWebRoute | undefined {
  if (action === undefined) return { transaction: "retrieve", ...at };
  if (action === "metadata") return { transaction: "retrieveMetadata", ...at };
  if (action === "rendered") return { transaction: "retrieveRendered", ...at };
  if (action === "thumbnail") return { transaction: "retrieveThumbnail", ...at };
  return undefined;
}
