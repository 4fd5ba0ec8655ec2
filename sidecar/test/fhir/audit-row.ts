import type { AuditRecord } from "../../src/audit/chain.js";

/** A doctor saw some images of a study. */
export const auditRow: AuditRecord = {
  id: 3,
  accessId: "0d5b1c1e-0000-4000-8000-000000000000",
  closes: null,
  recordedAt: new Date("2026-01-02T03:04:05.678Z"),
  firstAt: new Date("2026-01-02T03:04:05.678Z"),
  lastAt: new Date("2026-01-02T03:09:00.000Z"),
  subject: "account:7",
  displayName: "Dr. Kim",
  kind: "account",
  role: "doctor",
  tokenId: "jti 1",
  patientId: "MRN-1",
  issuerOfPatientId: "HOSPITAL",
  studyInstanceUid: "1.2.3",
  action: "view",
  target: "",
  outcome: "granted",
  reason: null,
  sourceAddress: "192.0.2.7",
  userAgent: "browser",
  breakGlassId: null,
  requests: 30,
  instances: 20,
  frames: 25,
};
