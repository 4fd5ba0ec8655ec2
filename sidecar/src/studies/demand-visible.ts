import type { Response } from "express";
import { noteForAudit } from "../audit/audit-request.js";
import { principalOf } from "../authorization/allow.js";
import type { StudyAccess } from "../authorization/study-access.js";
import { ApiError } from "../error-response.js";

/**
 * Insists that the principal may see the study. One out of reach is answered like one that does not exist.
 * @throws ApiError 404 `study-not-found`
 */
export async function demandVisible(
  studyInstanceUid: string,
  response: Response,
  access: StudyAccess,
): Promise<void> {
  const decision = await access.decide(principalOf(response), "view", studyInstanceUid);
  if (!decision.granted) {
    const { reason } = decision;
    throw new ApiError(404, "study-not-found", "There is no such study.", {}, { reason });
  }
  if (decision.breakGlassId !== null) noteForAudit(response, { breakGlassId: decision.breakGlassId });
}
