import { createHash } from "node:crypto";
import express, { Router, type Request, type Response } from "express";
import { objectsOf, type HeldObjects } from "../analysis/store-result.js";
import { recordFirst } from "../audit/audit-api.js";
import { noteForAudit } from "../audit/audit-request.js";
import type { TokenVerifier } from "../authorization/access-token.js";
import { allow, insistOnUnrestricted, principalOf } from "../authorization/allow.js";
import { parseBody } from "../authorization/parse-body.js";
import type { Permission } from "../authorization/permissions.js";
import type { StudyAccess } from "../authorization/study-access.js";
import { idempotencyOf } from "../emr/idempotency-key.js";
import { readCorrectionBody } from "./correction-body.js";
import { correctionQuery, decisionBody } from "./decision-body.js";
import { noSuchResult, requireResult, type FoundResult } from "./find-result.js";
import { recordDecision, type DecisionDependencies } from "./record-decision.js";
import { resultView, reviewView } from "./result-view.js";
import { reviewerOf, type ReviewerDirectory } from "./reviewers.js";
import { isHeld } from "./standing-review.js";
import { reviewStatistics } from "./statistics.js";
import { takeCorrection, type TakeCorrectionDependencies } from "./take-correction.js";
import { verifiedReportUid } from "./verify-report.js";

/** A BINARY SEG of 600 slices of 512 × 512 has 20 MB for each segment. */
const LARGEST_SEGMENTATION = "64mb";

export interface ReviewRoutesDependencies
  extends DecisionDependencies, ReviewerDirectory, TakeCorrectionDependencies {
  readonly tokens: TokenVerifier;
  readonly access: StudyAccess;
  readonly held: Pick<HeldObjects, "read" | "keep">;
}

/** `/api/ai/results` and `/api/ai/statistics`: results of models before people, and what people decided. */
export function reviewRoutes(dependencies: ReviewRoutesDependencies): Router {
  const { tokens, state, held } = dependencies;
  const router = Router();

  router.get("/results/:id", allow(tokens, "view"), async (request, response) => {
    const found = await findWithin("view", request, response, dependencies);
    if (isHeld(found.analysis)) await demand("review", found, response, dependencies);
    response.json(resultView(found, await state.read.reviewsOfAnalysis(found.analysis.id)));
  });

  router.get("/results/:id/objects/:sopInstanceUid", allow(tokens, "review"), async (request, response) => {
    const found = await findWithin("review", request, response, dependencies);
    const { analysis } = found;
    const object = objectsOf(analysis.result).find(
      ({ sopInstanceUid }) => sopInstanceUid === request.params["sopInstanceUid"],
    );
    const bytes =
      object === undefined || !isHeld(analysis) ? null : await held.read(analysis.id, object.sopInstanceUid);
    if (bytes === null) throw noSuchResult("not-held");
    response.type("application/dicom").send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  });

  router.post("/results/:id/review", allow(tokens, "review"), async (request, response) => {
    const found = await findWithin("review", request, response, dependencies);
    const principal = principalOf(response);
    const body = parseBody(decisionBody, request.body);
    const reviewer = await reviewerOf(principal, dependencies);
    const { id } = found.analysis;
    const key = request.get("idempotency-key");
    const idempotency = idempotencyOf(key, principal.subject, `POST review ${id}`, body);
    const decidedAt = new Date();
    await recordFirst(response, { target: `analysis:${id}:${body.decision}` });
    const { review, repeated } = await recordDecision(
      found,
      {
        reportSopInstanceUid: body.reportSopInstanceUid,
        decision: body.decision,
        reason: body.reason ?? null,
        comment: body.comment ?? null,
        reviewer,
        decidedAt,
        verifiedSopInstanceUid:
          body.decision === "accepted"
            ? verifiedReportUid(body.reportSopInstanceUid, { reviewer, decidedAt })
            : null,
        correctedSopInstanceUid: null,
        idempotency,
      },
      dependencies,
    );
    if (repeated) response.setHeader("Idempotency-Replayed", "true");
    response.json(reviewView(review));
  });

  router.put(
    "/results/:id/segmentation",
    allow(tokens, "review"),
    express.raw({ type: ["application/dicom", "multipart/form-data"], limit: LARGEST_SEGMENTATION }),
    async (request, response) => {
      const found = await findWithin("review", request, response, dependencies);
      const principal = principalOf(response);
      const { reportSopInstanceUid, reason = null } = parseBody(correctionQuery, request.query);
      const { file, comment } = await readCorrectionBody(request);
      const reviewer = await reviewerOf(principal, dependencies);
      const { id } = found.analysis;
      const key = request.get("idempotency-key");
      const idempotency = idempotencyOf(key, principal.subject, `PUT segmentation ${id}`, {
        ...{ reportSopInstanceUid, reason, comment },
        file: createHash("sha256").update(file).digest("hex"),
      });
      await recordFirst(response, { target: `analysis:${id}:edited` });
      const subject = principal.subject;
      const corrected = await takeCorrection(found, reportSopInstanceUid, subject, file, dependencies);
      const decidedAt = new Date();
      const { review, repeated } = await recordDecision(
        found,
        {
          ...{ reportSopInstanceUid, decision: "edited", reason, comment, reviewer, decidedAt },
          verifiedSopInstanceUid: verifiedReportUid(reportSopInstanceUid, { reviewer, decidedAt }),
          correctedSopInstanceUid: corrected,
          idempotency,
        },
        dependencies,
      );
      if (repeated) response.setHeader("Idempotency-Replayed", "true");
      response.json(reviewView(review));
    },
  );

  router.get("/statistics", allow(tokens, "review"), insistOnUnrestricted, async (_request, response) => {
    response.json({ models: await reviewStatistics(state.read) });
  });
  return router;
}

/** The result, where the principal reaches its study. A result out of reach is answered like one that does not exist. */
async function findWithin(
  permission: Permission,
  request: Request,
  response: Response,
  dependencies: ReviewRoutesDependencies,
): Promise<FoundResult> {
  const found = await requireResult(String(request.params["id"]), dependencies.state.read);
  noteForAudit(response, { studyInstanceUids: [found.study.studyInstanceUid] });
  await demand(permission, found, response, dependencies);
  return found;
}

async function demand(
  permission: Permission,
  { study }: FoundResult,
  response: Response,
  { access }: ReviewRoutesDependencies,
): Promise<void> {
  const decision = await access.decide(principalOf(response), permission, study.studyInstanceUid);
  if (!decision.granted) throw noSuchResult(decision.reason);
  if (decision.breakGlassId !== null) noteForAudit(response, { breakGlassId: decision.breakGlassId });
}
