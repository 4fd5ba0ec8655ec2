import type { AuditEvent, Coding } from "fhir/r4.js";
import type { AuditAction } from "../audit/access.js";
import { SYSTEM } from "./system.js";

/** What an action is to FHIR and DICOM. */
export interface AuditMeaning {
  readonly type: Coding;
  readonly subtype: Coding;
  readonly action: NonNullable<AuditEvent["action"]>;
  /** The pattern of IHE BALP that fits; undefined where it has none. */
  readonly pattern?: "Read" | "Query" | "Create" | "Update";
}

const TYPE = "http://terminology.hl7.org/CodeSystem/audit-event-type";
const INTERACTION = "http://hl7.org/fhir/restful-interaction";
const REST: Coding = { system: TYPE, code: "rest", display: "Restful Operation" };

const READ = meaning(REST, interaction("read"), "R", "Read");
const QUERY = meaning(REST, interaction("search"), "E", "Query");
const CREATE = meaning(REST, interaction("create"), "C", "Create");
const UPDATE = meaning(REST, interaction("update"), "U", "Update");
const AUTHENTICATION = dicom("110114", "User Authentication");
const LOG_IN = meaning(AUTHENTICATION, dicom("110122", "Login"), "E");
const LOG_OUT = meaning(AUTHENTICATION, dicom("110123", "Logout"), "E");
const LOG_USED = meaning(dicom("110101", "Audit Log Used"), interaction("read"), "R");
const EMERGENCY = meaning(
  dicom("110113", "Security Alert"),
  dicom("110127", "Emergency Override Started"),
  "E",
);
const EMERGENCY_OVER = meaning(
  dicom("110113", "Security Alert"),
  dicom("110138", "Emergency Override Stopped"),
  "E",
);
const ROLES_CHANGED = meaning(
  dicom("110113", "Security Alert"),
  dicom("110136", "User security Attributes Changed"),
  "U",
);

/** DICOM PS3.15 A.5 and PS3.16 CIDs 400 and 401 name the codes. An action that is not here does not compile. */
const MEANINGS: Readonly<Record<AuditAction, AuditMeaning>> = {
  view: READ,
  download: READ,
  upload: CREATE,
  annotate: CREATE,
  "annotation-remove": UPDATE,
  search: QUERY,
  list: QUERY,
  listen: QUERY,
  launch: LOG_IN,
  "share-mint": CREATE,
  "share-read": QUERY,
  "share-exchange": LOG_IN,
  "share-renew": LOG_IN,
  "share-revoke": UPDATE,
  "break-glass-ask": EMERGENCY,
  "break-glass-read": QUERY,
  "break-glass-end": EMERGENCY_OVER,
  "break-glass-acknowledge": UPDATE,
  login: LOG_IN,
  refresh: LOG_IN,
  logout: LOG_OUT,
  token: LOG_IN,
  "password-change": ROLES_CHANGED,
  "account-read": QUERY,
  "account-change": ROLES_CHANGED,
  "api-key-read": QUERY,
  "api-key-change": ROLES_CHANGED,
  "client-read": QUERY,
  "client-change": ROLES_CHANGED,
  "webhook-read": QUERY,
  "webhook-change": UPDATE,
  "hook-receive": CREATE,
  "hook-read": QUERY,
  "hook-change": ROLES_CHANGED,
  "label-change": UPDATE,
  "result-read": READ,
  "result-review": UPDATE,
  "work-read": QUERY,
  "work-change": UPDATE,
  "job-read": QUERY,
  "job-change": UPDATE,
  "archive-read": READ,
  "archive-change": UPDATE,
  "emr-read": READ,
  "emr-search": QUERY,
  "emr-create": CREATE,
  "emr-change": UPDATE,
  "identity-read": QUERY,
  "identity-change": UPDATE,
  "audit-read": LOG_USED,
  "audit-verify": LOG_USED,
  "audit-export": LOG_USED,
  "audit-retention": LOG_USED,
};

export function meaningOf(action: AuditAction): AuditMeaning {
  return MEANINGS[action];
}

function meaning(
  type: Coding,
  subtype: Coding,
  action: AuditMeaning["action"],
  pattern?: NonNullable<AuditMeaning["pattern"]>,
): AuditMeaning {
  return { type, subtype, action, ...(pattern === undefined ? {} : { pattern }) };
}

function interaction(code: string): Coding {
  return { system: INTERACTION, code };
}

function dicom(code: string, display: string): Coding {
  return { system: SYSTEM.dcm, code, display };
}
