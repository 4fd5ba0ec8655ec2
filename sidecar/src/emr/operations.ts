import { z } from "zod";
import type { Permission } from "../authorization/permissions.js";
import type { Example, Operation, Operations } from "../openapi/operation.js";
import type { ProblemCode } from "../openapi/problem-codes.js";
import { recordId } from "../openapi/values.js";
import { CONTENT_SCHEMAS } from "./content/content-schemas.js";
import { recordAnswer } from "./record-schema.js";
import { SEARCH_SCHEMAS } from "./record-search.js";
import { RECORD_KINDS, type RecordKind } from "./records.js";

interface OfKind {
  /** What it takes to write one; docs/emr.md has the rest. */
  readonly writing: Permission;
  readonly creating: readonly ProblemCode[];
  readonly changing: readonly ProblemCode[];
  readonly example?: Example;
}

const OF_PATIENT = ["reference-invalid", "patient-merged", "patient-withdrawn"] as const;
const clinical = { creating: OF_PATIENT, changing: OF_PATIENT };
const CODE = { system: "http://loinc.org", code: "24727-0", display: "CT Head W contrast IV" };

const KINDS: { readonly [Kind in RecordKind]: OfKind } = {
  patient: {
    writing: "emr-write",
    creating: ["identifier-taken"],
    changing: ["identifier-taken", "patient-has-records", "patient-merged", "patient-withdrawn"],
    example: {
      headers: { "Idempotency-Key": "registration-of-MRN-1001" },
      body: {
        identifiers: [{ issuer: "HOSPITAL", value: "MRN-1001" }],
        name: { alphabetic: { family: "Kim", given: "Minjun" }, phonetic: { family: "김", given: "민준" } },
        birthDate: "1980-05-17",
        sex: "male",
      },
    },
  },
  encounter: { writing: "emr-write", ...clinical },
  condition: { writing: "emr-write", ...clinical },
  order: {
    writing: "order",
    creating: [...OF_PATIENT, "order-step-unknown", "accession-number-taken", "accession-numbers-exhausted"],
    changing: [
      ...OF_PATIENT,
      "order-step-unknown",
      "order-closed",
      "accession-number-taken",
      "accession-numbers-exhausted",
    ],
    example: { body: { kind: "radiology", patientId: "$PATIENT", codes: [CODE], modality: "CT" } },
  },
  observation: { writing: "record-results", ...clinical },
  report: {
    writing: "record-results",
    ...clinical,
    example: {
      body: {
        patientId: "$PATIENT",
        category: {
          system: "http://terminology.hl7.org/CodeSystem/v2-0074",
          code: "RAD",
          display: "Radiology",
        },
        codes: [CODE],
        effectiveAt: "2026-03-01T11:00:00+09:00",
        conclusion: "No acute infarction.",
      },
    },
  },
};

const CHANGED_PATIENT: Example = {
  path: { id: "$PATIENT" },
  headers: { "If-Match": '"1"', "Content-Type": "application/merge-patch+json" },
  body: { phone: "02-2072-0000" },
};
const path = { id: recordId };
const ETAG = { ETag: "the version" };

/** `/api/emr/<kind>s`, described. */
export const RECORD_OPERATIONS: Operations = Object.fromEntries(RECORD_KINDS.flatMap(operationsOf));

function operationsOf(kind: RecordKind): [string, Operation][] {
  const { writing, creating, changing, example } = KINDS[kind];
  const record = recordAnswer(kind);
  const name = kind.charAt(0).toUpperCase() + kind.slice(1);
  const found = { 200: { description: "The record", schema: record, headers: ETAG } };
  return [
    [
      `GET /api/emr/${kind}s`,
      {
        id: `search${name}s`,
        tag: "emr",
        summary: `${name}s, the newest first`,
        description: "`code` and `identifier` are values, or `system|value` (FHIR token search).",
        needs: "emr-view",
        query: SEARCH_SCHEMAS[kind],
        answers: {
          200: {
            description: "A page; `next` is the `cursor` of the next",
            schema: z.object({ records: z.array(record), next: z.string().nullable() }),
          },
        },
        example: { query: { limit: "10" } },
      },
    ],
    [
      `POST /api/emr/${kind}s`,
      {
        id: `create${name}`,
        tag: "emr",
        summary: `Makes a record of the kind ${kind}`,
        needs: writing,
        headers: { "Idempotency-Key": "has it made once; kept for 48 hours" },
        body: { schema: CONTENT_SCHEMAS[kind] },
        answers: {
          201: {
            description: "The record",
            schema: record,
            headers: {
              ...ETAG,
              Location: "of the record",
              "Idempotency-Replayed": "`true` when it was made before",
            },
          },
        },
        problems: [...creating, "idempotency-key-reused"],
        ...(example === undefined ? {} : { example }),
      },
    ],
    [
      `GET /api/emr/${kind}s/:id`,
      {
        id: `get${name}`,
        tag: "emr",
        summary: `A record of the kind ${kind}`,
        needs: "emr-view",
        path,
        answers: found,
        problems: ["no-such-record"],
        ...(kind === "patient" ? { example: { path: { id: "$PATIENT" } } } : {}),
      },
    ],
    [
      `PATCH /api/emr/${kind}s/:id`,
      {
        id: `change${name}`,
        tag: "emr",
        summary: "Changes a record (RFC 7396); the result is checked as a whole",
        description: `What it takes to write the kind is needed too (docs/emr.md). A conflict has both versions, \`current\` and \`yours\`.`,
        needs: "emr-view",
        path,
        headers: { "If-Match": "the ETag of the version that the change was made on" },
        body: {
          schema: z.record(z.string(), z.unknown()),
          mediaTypes: ["application/merge-patch+json", "application/json"],
        },
        answers: found,
        problems: [
          "no-such-record",
          "precondition-required",
          "version-conflict",
          "member-fixed",
          "record-withdrawn",
          "media-type-unsupported",
          ...changing,
        ],
        ...(kind === "patient" ? { example: CHANGED_PATIENT } : {}),
      },
    ],
  ];
}
