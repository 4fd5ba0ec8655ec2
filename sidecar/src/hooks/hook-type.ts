import type { z } from "zod";
import type { RequestJobsDependencies } from "../ai-jobs/request-jobs.js";
import type { AuditAction } from "../audit/access.js";
import { parseBody } from "../authorization/parse-body.js";
import type { Permission } from "../authorization/permissions.js";
import type { Principal } from "../authorization/principal.js";
import type { StudyAccess } from "../authorization/study-access.js";
import type { PatientIdentity } from "../dicom/patient-key.js";
import type { EmrStore } from "../emr/emr-store.js";
import type { Idempotency } from "../emr/idempotency-key.js";

/** What the work of a hook is done with: the same as the routes that do it for people. */
export interface HookDependencies extends RequestJobsDependencies {
  readonly emr: EmrStore;
  readonly access: StudyAccess;
}

/** What is recorded before something is done. */
export interface HookAccess {
  readonly target: string;
  readonly studyInstanceUids?: readonly string[];
  readonly patient?: PatientIdentity;
}

/** One message being worked on. */
export interface HookWork {
  /** The source, with what it may and reaches at this moment. */
  readonly principal: Principal;
  /** Of patient identifiers that come without one. */
  readonly issuer: string;
  /** The message's own: whatever is done with it is done once. */
  readonly idempotency: Idempotency;
  /** Records the access, before it is done. */
  readonly record: (access: HookAccess) => Promise<void>;
}

/** What came of it, by the names and numbers it has in the other API. No patient is named. */
export interface HookResult {
  /** For the audit trail. */
  readonly target: string;
  readonly answer: Readonly<Record<string, string | number | readonly number[]>>;
}

/** One kind of thing that integrators tell, by what it is about. */
export interface HookDefinition<Data> {
  /** What a source needs to be of use with it. */
  readonly needs: readonly Permission[];
  readonly action: AuditAction;
  readonly summary: string;
  readonly data: z.ZodType<Data>;
  /** Messages of one lane are worked on one after another, as they came. */
  lane(data: Data): string;
  /**
   * Does it; twice with the same idempotency does it once.
   * @throws ApiError
   */
  perform(data: Data, work: HookWork, dependencies: HookDependencies): Promise<HookResult>;
}

/** The same for data that nobody has looked at: they are read when they come, and again when they are worked on. */
export interface HookType extends Omit<HookDefinition<unknown>, "data"> {
  /** @throws ApiError 400 `request-malformed` for data that do not fit */
  lane(data: unknown): string;
}

export function hookTypeOf<Data>({ data: schema, ...definition }: HookDefinition<Data>): HookType {
  const { needs, action, summary } = definition;
  return {
    needs,
    action,
    summary,
    lane: (data) => definition.lane(parseBody(schema, data)),
    perform: async (data, work, dependencies) =>
      definition.perform(parseBody(schema, data), work, dependencies),
  };
}

/** Lane of everything about patients' records: an order's change comes after the order. */
export const RECORDS_LANE = "records";
