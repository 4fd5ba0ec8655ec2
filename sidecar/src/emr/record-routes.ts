import express, { Router, type Request, type Response } from "express";
import { recordFirst } from "../audit/audit-api.js";
import { noteForAudit } from "../audit/audit-request.js";
import { principalOf } from "../authorization/allow.js";
import type { PatientIdentity } from "../dicom/patient-key.js";
import { ApiError } from "../error-response.js";
import type { SynchronisationReads } from "../outbox/synchronisation.js";
import type { Brought } from "../outbox/write-through.js";
import { changeRecord } from "./change-record.js";
import { createRecord, readNewRecord } from "./create-record.js";
import { emrReachOf } from "./emr-reach.js";
import type { EmrStore } from "./emr-store.js";
import { idempotencyOf } from "./idempotency-key.js";
import { cursorOf, readSearch } from "./record-search.js";
import type { PatientRow, RecordKind, RowOf } from "./records.js";

const LARGEST_BODY = "256kb";
const isId = (text: string) => /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);

/** Another EMR that has patients too. */
export interface OtherEmr {
  /** Its name as a member of what is answered. */
  readonly name: string;
  /** Brings a patient who was just saved there; what is not brought in time comes later. */
  bring(patient: PatientRow): Promise<Brought>;
  /** What it said of these patients last, by id: a copy, with its age. */
  copies(patients: readonly PatientRow[]): Promise<ReadonlyMap<string, object>>;
}

/** `/api/emr/<kind>s`: records of one kind, for those who have `emr-view`. */
export function recordRoutes(
  kind: RecordKind,
  store: EmrStore,
  synchronised: SynchronisationReads,
  other: OtherEmr | undefined,
): Router {
  const router = Router();
  const patch = express.json({ limit: LARGEST_BODY, type: "application/merge-patch+json" });

  router.get("/", async (request, response) => {
    const found = await store.search(
      kind,
      readSearch(kind, request.query),
      emrReachOf(principalOf(response)),
    );
    const owners = await patientsOf(kind, found.records, store);
    noteForAudit(response, {
      shownPatients: owners.map((patient) => ({ recordId: patient.id, ...identityOf(patient) })),
    });
    const next = found.next === null ? null : cursorOf(found.next);
    const shown = await withCopies(kind, found.records, other);
    const records = await withSynchronisation(kind, shown, synchronised);
    response.json({ records, next });
  });

  router.post("/", async (request, response) => {
    const principal = principalOf(response);
    const content = readNewRecord(principal, kind, request.body);
    const key = request.get("idempotency-key");
    const idempotency = idempotencyOf(key, principal.subject, `POST ${kind}`, request.body);
    const patient =
      "patientId" in content
        ? await store.find("patient", content.patientId, emrReachOf(principal))
        : { identifiers: content.identifiers };
    await recordFirst(response, {
      target: `${kind}:new`,
      ...(patient === null ? {} : { patient: identityOf(patient) }),
    });
    const { answer, repeated } = await createRecord(principal, kind, content, idempotency, store);
    noteForAudit(response, { target: `${kind}:${answer.id}` });
    if (repeated) response.setHeader("Idempotency-Replayed", "true");
    response
      .status(201)
      .set({ ETag: `"${answer.version}"`, Location: `/api/emr/${kind}s/${answer.id}` })
      .json(await broughtThrough(kind, answer, other));
  });

  router.get("/:id", async (request, response) => {
    const row = await findShown(kind, request, response, store);
    const shown = await withCopies(kind, [await withContext(kind, row, store)], other);
    const [record] = await withSynchronisation(kind, shown, synchronised);
    response.set("ETag", `"${row.version}"`).json(record);
  });

  router.patch("/:id", patch, async (request, response) => {
    const row = await findShown(kind, request, response, store);
    const expected = versionIn(request.get("if-match"));
    if (!request.is(["application/merge-patch+json", "application/json"]))
      throw new ApiError(
        415,
        "media-type-unsupported",
        "A change is application/merge-patch+json (RFC 7396).",
      );
    if (typeof request.body !== "object" || request.body === null || Array.isArray(request.body))
      throw new ApiError(400, "request-malformed", "A change is a JSON object.");
    await recordFirst(response, {});
    const changed = await changeRecord(principalOf(response), kind, row.id, expected, request.body, store);
    response.set("ETag", `"${changed.version}"`).json(await broughtThrough(kind, changed, other));
  });
  return router;
}

/** What is answered to who has saved a record: of a patient, where they have got to by now. */
async function broughtThrough<Kind extends RecordKind>(
  kind: Kind,
  row: RowOf[Kind],
  other: OtherEmr | undefined,
): Promise<RowOf[Kind] & Partial<Brought>> {
  if (kind !== "patient" || other === undefined) return row;
  return { ...row, ...(await other.bring(row as PatientRow)) };
}

/** Patients with what another EMR said of them last; null where they are none of its. */
async function withCopies<Row extends RowOf[RecordKind]>(
  kind: RecordKind,
  rows: readonly Row[],
  other: OtherEmr | undefined,
): Promise<readonly Row[]> {
  if (kind !== "patient" || other === undefined) return rows;
  const copies = await other.copies(rows as readonly RowOf[RecordKind][] as readonly PatientRow[]);
  return rows.map((row) => ({ ...row, [other.name]: copies.get(row.id) ?? null }));
}

/** @throws ApiError 404 `no-such-record`, also for what is out of reach */
async function findShown<Kind extends RecordKind>(
  kind: Kind,
  request: Request,
  response: Response,
  store: EmrStore,
): Promise<RowOf[Kind]> {
  const id = String(request.params["id"]);
  const row = isId(id) ? await store.find(kind, id, emrReachOf(principalOf(response))) : null;
  if (row === null) throw new ApiError(404, "no-such-record", "There is no such record.");
  const [patient] = await patientsOf(kind, [row], store);
  if (patient !== undefined) noteForAudit(response, { patient: identityOf(patient) });
  return row;
}

/** What is shown beside a record: who may be the same person, an order's images. */
async function withContext<Kind extends RecordKind>(kind: Kind, row: RowOf[Kind], store: EmrStore) {
  if (kind === "patient") return { ...row, possibleDuplicates: await store.possibleDuplicates(row.id) };
  if (kind !== "order" || (row as RowOf["order"]).kind !== "radiology") return row;
  const studies = await store.studiesShownBy(row.id);
  return { ...row, studies, imagesReceived: studies.some(({ instanceCount }) => instanceCount > 0) };
}

/** Where each record has got to: since when other systems have it as it is, or why they do not. */
async function withSynchronisation<Row extends { readonly id: string }>(
  kind: RecordKind,
  rows: readonly Row[],
  synchronised: SynchronisationReads,
) {
  const found = await synchronised.synchronisation(
    kind,
    rows.map(({ id }) => id),
  );
  return rows.map((row) => ({ ...row, synchronisation: found.get(row.id) ?? [] }));
}

async function patientsOf(
  kind: RecordKind,
  rows: readonly RowOf[RecordKind][],
  store: EmrStore,
): Promise<PatientRow[]> {
  if (kind === "patient") return rows as PatientRow[];
  const ids = rows.map((row) => (row as RowOf["encounter"]).patientId);
  return store.patients([...new Set(ids)]);
}

function identityOf({ identifiers }: Pick<PatientRow, "identifiers">): PatientIdentity {
  const [primary] = identifiers;
  return { issuerOfPatientId: primary?.issuer ?? "", patientId: primary?.value ?? "" };
}

/**
 * The version a change was made on (RFC 9110, section 13.1.1): one strong ETag of this resource.
 * @throws ApiError 428 `precondition-required` (RFC 6585) without, 400 for anything else
 */
function versionIn(header: string | undefined): number {
  if (header === undefined)
    throw new ApiError(428, "precondition-required", "A change needs If-Match with the record's ETag.");
  const found = /^"([1-9]\d{0,8})"$/.exec(header.trim());
  if (found === null) throw new ApiError(400, "request-malformed", "If-Match: is no ETag of this record");
  return Number(found[1]);
}
