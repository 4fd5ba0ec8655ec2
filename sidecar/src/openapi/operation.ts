import type { z } from "zod";
import type { Permission } from "../authorization/permissions.js";
import type { ProblemCode } from "./problem-codes.js";

/** Chapters of the description, in the order in which they stand there. */
export const TAGS = {
  session: "Login, the session, and who one is",
  studies: "Studies, as the study list and the viewer show them",
  "ai-jobs": "Models' work on series. Results are stored as DICOM SEG and SR, unverified",
  "direct-inference": "What a model says of a series or an image, answered directly; nothing is stored",
  review: "Results of models before people, and what people decided",
  models: "Which models there are, and whether they run",
  emr: "The EMR's records: patients, encounters, conditions, orders, observations, reports",
  identity: "Merges of two records of one patient, and whose a study is",
  "share-links": "Links to studies for people without an account",
  "break-glass": "Access out of one's reach, with a reason",
  accounts: "Accounts, API keys and programs, administered",
  webhooks: "Other systems are told of events (Standard Webhooks)",
  hooks: "Other systems tell us that something happened (Standard Webhooks, the other way round)",
  outbox: "What waits for other systems, and what failed",
  audit: "The audit trail",
  health: "Whether the installation works",
  "smart-launch": "SMART App Launch 2.2, EHR launch: addresses that browsers are sent to",
  dicomweb: "DICOMweb (DICOM PS3.18): docs/dicomweb-conformance.md and docs/stow-rs.md say what is offered",
} as const;
export type Tag = keyof typeof TAGS;

/** What is answered with a status below 400. */
export interface Answer {
  readonly description: string;
  /** Of a JSON body. Without it, and without media types, the answer has no body. */
  readonly schema?: z.ZodType;
  /** Of a body that is no JSON, or may be something else than JSON. */
  readonly mediaTypes?: readonly string[];
  /** Headers by name, with what they say. */
  readonly headers?: Readonly<Record<string, string>>;
}

export interface RequestBody {
  readonly schema?: z.ZodType;
  /** `application/json` when absent. */
  readonly mediaTypes?: readonly string[];
  /** False where an empty body does as well. */
  readonly required?: false;
}

/** A request that works on an installation with a study; `$NAME` stands for what it has (openapi/curl.ts). */
export interface Example {
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** One route as it is described. Requests are described by the schemas that they are checked with. */
export interface Operation {
  /** Name in generated clients. Never changes. */
  readonly id: string;
  readonly tag: Tag;
  readonly summary: string;
  readonly description?: string;
  /** `nothing`: no token is asked for. */
  readonly needs: Permission | "a token" | "nothing";
  /** Path parameters that are no number counted from 1. */
  readonly path?: Readonly<Record<string, z.ZodType>>;
  readonly query?: z.ZodType;
  /** Request headers by name, with what they say. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: RequestBody;
  readonly answers: Readonly<Record<number, Answer>>;
  /** Beside those that every such route has (openapi/usual-problems.ts). */
  readonly problems?: readonly ProblemCode[];
  /** What a refusal may be beside a problem. */
  readonly refusalsAlsoAs?: readonly string[];
  readonly example?: Example;
}

/** By route, as `GET /api/studies/:studyInstanceUid`. */
export type Operations = Readonly<Record<string, Operation>>;
