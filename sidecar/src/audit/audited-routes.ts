import { z } from "zod";
import type { PatientIdentity } from "../dicom/patient-key.js";
import { isReadableUid } from "../dicom/uid.js";
import type { AuditAction } from "./access.js";

export type RouteParams = Readonly<Record<string, string>>;

/** How the requests of a route are recorded. */
export interface AuditedRoute {
  readonly action: AuditAction;
  /** Recorded before it is done (it changes something), and again when it comes to nothing. */
  readonly recordedFirst?: true;
  /** Asked again and again while somebody works: one row with a count. */
  readonly counted?: true;
  readonly target?: (params: RouteParams) => string;
  readonly studies?: (params: RouteParams, body: unknown) => readonly string[];
  readonly patient?: (body: unknown) => PatientIdentity | null;
}

/** A route that shows and changes nothing an auditor asks about, with the reason. */
export interface UnauditedRoute {
  readonly unaudited: string;
}

const MOST_STUDIES = 50;
const oneStudy = ({ studyInstanceUid = "" }: RouteParams) => [studyInstanceUid];
const studyInBody = z.object({ studyInstanceUid: z.string() });
const studiesInBody = z.object({ studyInstanceUids: z.array(z.string()) });
const patientInBody = z.object({
  patient: z.object({
    patientId: z.string().min(1).max(1_000),
    issuerOfPatientId: z.string().max(1_000).default(""),
  }),
});

/**
 * Every route of the REST API, and what it is in the audit trail. A route that is not here does not exist: its requests
 * are answered 404 before they reach it.
 */
export const AUDITED_ROUTES: Readonly<Record<string, AuditedRoute | UnauditedRoute>> = {
  "GET /api/openapi.json": { unaudited: "describes the API, names no patient" },
  "GET /api/docs": { unaudited: "the same, as a page" },
  "GET /api/docs/style.css": { unaudited: "how that page looks" },
  "POST /api/auth/login": { action: "login" },
  "POST /api/auth/refresh": { action: "refresh" },
  "POST /api/auth/logout": { action: "logout" },
  "POST /api/auth/password": { action: "password-change", recordedFirst: true },
  "GET /api/auth/me": { unaudited: "who one is oneself" },
  "POST /api/auth/orthanc-session": { action: "token", target: () => "orthanc-session" },
  "DELETE /api/auth/orthanc-session": { unaudited: "a browser drops its own cookie" },
  // What is begun at the EMR; the callback says what came of it.
  "GET /smart/launch": { action: "launch", counted: true, target: () => "begun" },
  "GET /smart/callback": { action: "launch" },
  "POST /api/launches/:id/renewal": { action: "refresh" },
  "DELETE /api/launches/:id": { action: "logout" },
  "POST /api/oauth/token": { action: "token" },
  "GET /api/accounts": { action: "account-read" },
  "POST /api/accounts": { action: "account-change", recordedFirst: true, target: () => "account:new" },
  "GET /api/accounts/:id": { action: "account-read", target: ({ id = "" }) => `account:${id}` },
  "PATCH /api/accounts/:id": {
    action: "account-change",
    recordedFirst: true,
    target: ({ id = "" }) => `account:${id}`,
  },
  "PUT /api/accounts/:id/password": {
    action: "account-change",
    recordedFirst: true,
    target: ({ id = "" }) => `account:${id}:password`,
  },
  "GET /api/api-keys": { action: "api-key-read" },
  "POST /api/api-keys": { action: "api-key-change", recordedFirst: true, target: () => "api-key:new" },
  "DELETE /api/api-keys/:id": {
    action: "api-key-change",
    recordedFirst: true,
    target: ({ id = "" }) => `api-key:${id}:revoked`,
  },
  "GET /api/clients": { action: "client-read" },
  "POST /api/clients": { action: "client-change", recordedFirst: true, target: () => "client:new" },
  "DELETE /api/clients/:clientId": {
    action: "client-change",
    recordedFirst: true,
    target: ({ clientId = "" }) => `client:${clientId}:revoked`,
  },
  "GET /api/webhooks": { action: "webhook-read", counted: true },
  "POST /api/webhooks": { action: "webhook-change", recordedFirst: true, target: () => "webhook:new" },
  "GET /api/webhooks/:id": { action: "webhook-read", target: ({ id = "" }) => `webhook:${id}` },
  "PATCH /api/webhooks/:id": {
    action: "webhook-change",
    recordedFirst: true,
    target: ({ id = "" }) => `webhook:${id}`,
  },
  "DELETE /api/webhooks/:id": {
    action: "webhook-change",
    recordedFirst: true,
    target: ({ id = "" }) => `webhook:${id}:removed`,
  },
  "POST /api/webhooks/:id/secret": {
    action: "webhook-change",
    recordedFirst: true,
    target: ({ id = "" }) => `webhook:${id}:secret`,
  },
  "POST /api/webhooks/:id/ping": {
    action: "webhook-change",
    recordedFirst: true,
    target: ({ id = "" }) => `webhook:${id}:ping`,
  },
  "GET /api/webhooks/:id/deliveries": {
    action: "webhook-read",
    counted: true,
    target: ({ id = "" }) => `webhook:${id}`,
  },
  "POST /api/webhooks/:id/deliveries/replay": {
    action: "webhook-change",
    recordedFirst: true,
    target: ({ id = "" }) => `webhook:${id}:replay`,
  },
  "POST /api/webhooks/:id/deliveries/:delivery/replay": {
    action: "webhook-change",
    recordedFirst: true,
    target: ({ id = "", delivery = "" }) => `webhook:${id}:replay:${delivery}`,
  },
  "POST /api/hooks/:source": { action: "hook-receive", counted: true },
  "GET /api/hooks/:source/:webhookId": { action: "hook-read", counted: true },
  "GET /api/hook-sources": { action: "hook-read", counted: true },
  "POST /api/hook-sources": {
    action: "hook-change",
    recordedFirst: true,
    target: () => "hook-source:new",
  },
  "GET /api/hook-sources/:source": { action: "hook-read", target: hookSource() },
  "PATCH /api/hook-sources/:source": {
    action: "hook-change",
    recordedFirst: true,
    target: hookSource(),
  },
  "DELETE /api/hook-sources/:source": {
    action: "hook-change",
    recordedFirst: true,
    target: hookSource(":removed"),
  },
  "POST /api/hook-sources/:source/secret": {
    action: "hook-change",
    recordedFirst: true,
    target: hookSource(":secret"),
  },
  "GET /api/hook-sources/:source/messages": { action: "hook-read", counted: true, target: hookSource() },
  "POST /api/hook-sources/:source/messages/:id/replay": {
    action: "hook-change",
    recordedFirst: true,
    target: ({ source = "", id = "" }) => `hook-source:${short(source)}:replay:${id}`,
  },
  "POST /api/break-glass": {
    action: "break-glass-ask",
    recordedFirst: true,
    studies: (_params, body) => studyOf(body),
    patient: patientOf,
  },
  "GET /api/break-glass": { action: "break-glass-read" },
  "POST /api/break-glass/:id/acknowledgement": {
    action: "break-glass-acknowledge",
    recordedFirst: true,
    target: ({ id = "" }) => `break-glass:${id}`,
  },
  "DELETE /api/break-glass/:id": {
    action: "break-glass-end",
    recordedFirst: true,
    target: ({ id = "" }) => `break-glass:${id}`,
  },
  "POST /api/share-links/exchange": { action: "share-exchange" },
  "POST /api/share-links/renewal": { action: "share-renew" },
  "POST /api/share-links": {
    action: "share-mint",
    recordedFirst: true,
    studies: (_params, body) => studiesOf(body),
  },
  "GET /api/share-links": { action: "share-read" },
  "DELETE /api/share-links/:id": {
    action: "share-revoke",
    recordedFirst: true,
    target: ({ id = "" }) => `share:${id}`,
  },
  "GET /api/studies": { action: "list", counted: true },
  "GET /api/studies/:studyInstanceUid": { action: "view", counted: true, studies: oneStudy },
  "GET /api/studies/:studyInstanceUid/fhir": { action: "view", counted: true, studies: oneStudy },
  "PUT /api/studies/:studyInstanceUid/labels": {
    action: "label-change",
    recordedFirst: true,
    studies: oneStudy,
  },
  "GET /api/studies/:studyInstanceUid/key-images": { action: "view", counted: true, studies: oneStudy },
  "POST /api/studies/:studyInstanceUid/key-images": {
    action: "annotate",
    recordedFirst: true,
    target: () => "key-images:new",
    studies: oneStudy,
  },
  "DELETE /api/studies/:studyInstanceUid/key-images/:sopInstanceUid": {
    action: "annotation-remove",
    recordedFirst: true,
    target: ({ sopInstanceUid = "" }) => `key-images:${sopInstanceUid}`,
    studies: oneStudy,
  },
  // The handlers say which study it is about, and have decisions recorded before they are made.
  "GET /api/ai/results/:id": { action: "result-read", counted: true, target: onRecord("analysis") },
  "GET /api/ai/results/:id/objects/:sopInstanceUid": {
    action: "result-read",
    counted: true,
    target: onRecord("analysis"),
  },
  "POST /api/ai/results/:id/review": { action: "result-review", target: onRecord("analysis") },
  "PUT /api/ai/results/:id/segmentation": { action: "result-review", target: onRecord("analysis") },
  "GET /api/ai/statistics": { unaudited: "counts decisions, names no patient" },
  "GET /api/ai/models/:name/statistics": { unaudited: "counts what models did, names no patient" },
  "GET /api/models": { unaudited: "names models, no patient" },
  "GET /api/models/:name/:version/card": { unaudited: "what a model says of itself" },
  "POST /api/models/reload": { action: "work-change", recordedFirst: true, target: () => "models:reload" },
  "PUT /api/models/:name/:version": {
    action: "work-change",
    recordedFirst: true,
    target: ({ name = "", version = "" }) => `model:${name}:${version}`,
  },
  // The handlers say which study it is about, and have changes recorded before they are made.
  "POST /api/ai/jobs": { action: "job-change" },
  "GET /api/ai/jobs": { action: "job-read", counted: true },
  "GET /api/ai/jobs/:id": { action: "job-read", counted: true, target: ({ id = "" }) => `job:${id}` },
  "POST /api/ai/jobs/:id/cancel": { action: "job-change", target: ({ id = "" }) => `job:${id}:cancel` },
  "POST /api/ai/jobs/:id/retry": { action: "job-change", target: ({ id = "" }) => `job:${id}:retry` },
  "POST /api/inference": { action: "job-change" },
  "GET /api/inference/:id": { action: "job-read", target: ({ id = "" }) => `inference:${id}` },
  "GET /api/inference/:id/segmentation": { action: "job-read", target: ({ id = "" }) => `inference:${id}` },
  "GET /api/inference/:id/attention": { action: "job-read", target: ({ id = "" }) => `inference:${id}` },
  "GET /api/failures": { action: "work-read", counted: true },
  "POST /api/failures/:kind/:id/retry": {
    action: "work-change",
    recordedFirst: true,
    target: ({ kind = "", id = "" }) => `${kind}:${id}`,
  },
  "GET /api/status": { unaudited: "counts work, names no patient" },
  "GET /api/queues": { unaudited: "counts jobs, names no patient" },
  "GET /api/outbox": { action: "work-read", counted: true },
  "GET /api/outbox/messages": { action: "work-read", counted: true },
  "GET /api/outbox/messages/:id": {
    action: "work-read",
    recordedFirst: true,
    target: ({ id = "" }) => `message:${id}`,
  },
  "POST /api/outbox/messages/:id/replay": {
    action: "work-change",
    recordedFirst: true,
    target: ({ id = "" }) => `message:${id}:replay`,
  },
  "POST /api/outbox/messages/:id/drop": {
    action: "work-change",
    recordedFirst: true,
    target: ({ id = "" }) => `message:${id}:drop`,
  },
  "POST /api/outbox/replay": {
    action: "work-change",
    recordedFirst: true,
    target: () => "messages:replay",
  },
  ...emrRoutes(),
  "GET /api/emr/patients/:id/merges": { action: "identity-read", target: onRecord("patient") },
  "POST /api/emr/merges": { action: "identity-change" },
  "POST /api/emr/merges/:id/undo": { action: "identity-change", target: onRecord("merge") },
  "GET /api/emr/identity-worklist": { action: "identity-read" },
  "POST /api/emr/identity-worklist/:id/resolve": {
    action: "identity-change",
    target: onRecord("identity-item"),
  },
  "GET /api/audit": { action: "audit-read", recordedFirst: true },
  "GET /api/audit/verify": { action: "audit-verify", recordedFirst: true },
};

/** The name as it may be; what somebody made up is not repeated in the trail. */
function hookSource(what = "") {
  return ({ source = "" }: RouteParams) => `hook-source:${short(source)}${what}`;
}

function short(source: string): string {
  return /^[a-z][a-z0-9-]{1,31}$/.test(source) ? source : "";
}

function onRecord(kind: string) {
  return ({ id = "" }: RouteParams) => `${kind}:${id}`;
}

/** The handlers say which patient it is about, and have changes recorded before they are made. */
function emrRoutes(): Record<string, AuditedRoute> {
  return Object.fromEntries(
    ["patient", "encounter", "condition", "order", "observation", "report"].flatMap(
      (kind): [string, AuditedRoute][] => [
        [`GET /api/emr/${kind}s`, { action: "emr-search", counted: true, target: () => kind }],
        [`POST /api/emr/${kind}s`, { action: "emr-create", target: () => `${kind}:new` }],
        [`GET /api/emr/${kind}s/:id`, { action: "emr-read", counted: true, target: onRecord(kind) }],
        [`PATCH /api/emr/${kind}s/:id`, { action: "emr-change", target: onRecord(kind) }],
      ],
    ),
  );
}

function studyOf(body: unknown): readonly string[] {
  const parsed = studyInBody.safeParse(body);
  return parsed.success && isReadableUid(parsed.data.studyInstanceUid) ? [parsed.data.studyInstanceUid] : [];
}

function studiesOf(body: unknown): readonly string[] {
  const parsed = studiesInBody.safeParse(body);
  const uids = parsed.success ? parsed.data.studyInstanceUids : [];
  return [...new Set(uids.slice(0, MOST_STUDIES))].filter((uid) => isReadableUid(uid));
}

function patientOf(body: unknown): PatientIdentity | null {
  const parsed = patientInBody.safeParse(body);
  return parsed.success ? parsed.data.patient : null;
}
