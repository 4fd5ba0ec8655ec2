import { z } from "zod";
import { patientSchema } from "../authorization/account-access.js";
import { parseBody } from "../authorization/parse-body.js";
import type { Principal } from "../authorization/principal.js";
import type { StudyAccess } from "../authorization/study-access.js";
import { readableUid } from "../dicom/uid-schema.js";
import { patientKeyOf } from "../dicom/patient-key.js";
import { ApiError } from "../error-response.js";
import type { Logger } from "../log.js";
import type { BreakGlassRecord, BreakGlassSearch, BreakGlassStore } from "./break-glass-store.js";

const LONGEST_SECONDS = 4 * 3_600;

export const accessRequest = z
  .strictObject({
    studyInstanceUid: readableUid.optional(),
    patient: patientSchema.optional(),
    reason: z
      .string()
      .trim()
      .min(10, { error: "a reason has at least 10 characters: an auditor reads it" })
      .max(1_000),
    validForSeconds: z.number().int().min(1).max(LONGEST_SECONDS).default(3_600),
  })
  .refine(({ studyInstanceUid, patient }) => (studyInstanceUid === undefined) !== (patient === undefined), {
    error: "either studyInstanceUid or patient is needed",
  });

export const acknowledgement = z.strictObject({ comment: z.string().trim().min(1).max(1_000) });

export interface Circumstances {
  readonly sourceAddress: string;
  readonly userAgent: string;
}

export interface BreakGlassDependencies {
  readonly store: BreakGlassStore;
  readonly access: StudyAccess;
  readonly log: Logger;
  /** Has every process look identities up again. */
  readonly changed: () => void;
}

/** Access to a study or patient out of one's reach: asked for with a reason, for a time, seen by administrators. */
export class BreakGlass {
  constructor(private readonly dependencies: BreakGlassDependencies) {}

  /**
   * @throws ApiError 400; 404 `study-not-found`; 409 `already-in-reach`
   */
  async ask(
    principal: Principal,
    body: unknown,
    circumstances: Circumstances,
  ): Promise<{ id: number; expiresAt: Date }> {
    const { studyInstanceUid = null, patient, reason, validForSeconds } = parseBody(accessRequest, body);
    const { store, access, log, changed } = this.dependencies;
    if (studyInstanceUid !== null) {
      if ((await access.decide(principal, "view", studyInstanceUid)).granted)
        throw new ApiError(409, "already-in-reach", "The study is within your reach already.");
      if ((await access.directory.byUid(studyInstanceUid)).length === 0)
        throw new ApiError(404, "study-not-found", "There is no such study.");
    }
    const expiresAt = new Date(Date.now() + validForSeconds * 1_000);
    const id = await store.add({
      subject: principal.subject,
      displayName: principal.displayName,
      role: principal.role ?? "",
      tokenId: principal.tokenId,
      studyInstanceUid,
      patientKey: patient === undefined ? null : patientKeyOf(patient),
      reason,
      sourceAddress: circumstances.sourceAddress.slice(0, 64),
      userAgent: circumstances.userAgent.slice(0, 512),
      expiresAt,
    });
    log.warn({ breakGlassId: id, subject: principal.subject }, "break-glass access was granted");
    changed();
    return { id, expiresAt };
  }

  list(search: BreakGlassSearch): Promise<BreakGlassRecord[]> {
    return this.dependencies.store.list(search);
  }

  /**
   * Ends it before its time: whoever asked, or an administrator.
   * @throws ApiError 404
   */
  async end(principal: Principal, id: number): Promise<void> {
    const record = await this.dependencies.store.find(id);
    const may = record?.subject === principal.subject || principal.permissions.has("audit-logs");
    if (!may || !(await this.dependencies.store.end(id, principal.subject)))
      throw new ApiError(404, "no-such-break-glass", "There is no such access in force.");
    this.dependencies.changed();
  }

  /**
   * An administrator has looked into it; not one's own.
   * @throws ApiError 400, 404; 409 `own-break-glass`
   */
  async acknowledge(principal: Principal, id: number, body: unknown): Promise<void> {
    const { comment } = parseBody(acknowledgement, body);
    const record = await this.dependencies.store.find(id);
    if (record?.subject === principal.subject)
      throw new ApiError(409, "own-break-glass", "Somebody else has to acknowledge your access.");
    if (!(await this.dependencies.store.acknowledge(id, principal.subject, comment)))
      throw new ApiError(404, "no-such-break-glass", "There is no such access to acknowledge.");
  }
}
