import type { IdentityItem } from "../../emr/identity-store.js";

/** An item with what its study says now. */
export const ITEM = `SELECT emr_identity_item.number, emr_identity_item.id, emr_identity_item.kind, emr_identity_item.state,
    emr_identity_item.opened_at AS openedAt, emr_identity_item.reasons, emr_identity_item.candidates,
    emr_identity_item.resolution, emr_identity_item.resolved_patient_id AS resolvedPatientId,
    emr_identity_item.resolved_at AS resolvedAt, emr_identity_item.resolved_by AS resolvedBy,
    emr_identity_item.resolved_by_name AS resolvedByName, emr_identity_item.comment,
    study.study_instance_uid AS studyInstanceUid, study.patient_id AS patientId,
    study.issuer_of_patient_id AS issuerOfPatientId, study.patient_name AS patientName,
    study.patient_birth_date AS patientBirthDate, study.patient_sex AS patientSex, study.accession_number AS accessionNumber
  FROM emr_identity_item LEFT JOIN study ON study.orthanc_id = emr_identity_item.study_id`;

export interface StoredItem {
  readonly number: number;
  readonly id: string;
  readonly kind: IdentityItem["kind"];
  readonly state: IdentityItem["state"];
  readonly openedAt: Date;
  readonly reasons: string;
  readonly candidates: string;
  readonly resolution: string | null;
  readonly resolvedPatientId: string | null;
  readonly resolvedAt: Date | null;
  readonly resolvedBy: string | null;
  readonly resolvedByName: string | null;
  readonly comment: string | null;
  readonly studyInstanceUid: string | null;
  readonly patientId: string | null;
  readonly issuerOfPatientId: string | null;
  readonly patientName: string | null;
  readonly patientBirthDate: string | null;
  readonly patientSex: string | null;
  readonly accessionNumber: string | null;
}

export function itemOf(stored: StoredItem): IdentityItem {
  const { id, kind, state, openedAt, resolution, resolvedAt, resolvedBy, comment } = stored;
  return {
    id,
    kind,
    state,
    openedAt,
    reasons: JSON.parse(stored.reasons) as string[],
    candidates: JSON.parse(stored.candidates) as string[],
    study:
      stored.studyInstanceUid === null
        ? null
        : {
            studyInstanceUid: stored.studyInstanceUid,
            patientId: stored.patientId ?? "",
            issuerOfPatientId: stored.issuerOfPatientId ?? "",
            patientName: stored.patientName ?? "",
            patientBirthDate: stored.patientBirthDate ?? "",
            patientSex: stored.patientSex ?? "",
            accessionNumber: stored.accessionNumber ?? "",
          },
    resolution:
      resolution === null || resolvedAt === null
        ? null
        : {
            action: resolution,
            patientId: stored.resolvedPatientId,
            at: resolvedAt,
            by: resolvedBy === null ? null : { subject: resolvedBy, display: stored.resolvedByName ?? "" },
            comment,
          },
  };
}
