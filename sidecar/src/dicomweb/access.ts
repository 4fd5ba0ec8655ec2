import { accessOf, NOBODY, whoOf, type Access, type AuditAction } from "../audit/access.js";
import type { AuditTrail } from "../audit/audit-trail.js";
import type { Source } from "../audit/source.js";
import type { Principal } from "../authorization/principal.js";
import type { UploadRecord } from "../stow-rs/store-part.js";
import { permissionFor } from "./authorize.js";
import type { DicomWebRoute, DicomWebTransaction } from "./route.js";

/** What a transaction is in the audit trail. A transaction that is not here does not compile. */
const ACTIONS: Readonly<Record<DicomWebTransaction, AuditAction>> = {
  searchStudies: "search",
  searchSeries: "search",
  searchInstances: "search",
  retrieve: "download",
  retrieveMetadata: "view",
  retrieveRendered: "view",
  retrieveThumbnail: "view",
  retrieveFrames: "view",
  retrieveBulkData: "view",
  storeInstances: "upload",
};

/** A DICOMweb request as the audit trail has it. A search within one study belongs to the view of that study. */
export function dicomWebAccess(
  principal: Principal | undefined,
  source: Source,
  route: DicomWebRoute | undefined,
  rest: Partial<Pick<Access, "target" | "outcome" | "reason" | "breakGlassId">>,
): Access {
  const who = principal === undefined ? NOBODY : whoOf(principal);
  if (route === undefined) return accessOf({ who, source, action: "view", ...rest });
  const { transaction, studyInstanceUid } = route;
  if (studyInstanceUid === undefined) {
    const patient = principal?.patient ?? null;
    return accessOf({ who, source, action: ACTIONS[transaction], target: transaction, patient, ...rest });
  }
  const action =
    ACTIONS[transaction] === "upload" ? "upload" : permissionFor(route) === "download" ? "download" : "view";
  return accessOf({ who, source, action, studyInstanceUids: [studyInstanceUid], ...rest });
}

/** An upload as the audit trail has it: a row for each study and patient that its instances really carry. */
export function uploadRecord(principal: Principal, source: Source, trail: AuditTrail): UploadRecord {
  const who = whoOf(principal);
  return ({ studyInstanceUid, sopInstanceUid, patient = null }, end) =>
    trail.count(
      accessOf({ who, source, action: "upload", studyInstanceUids: [studyInstanceUid], patient, ...end }),
      { sopInstanceUid, frames: 0 },
    );
}
