import { Router, type Request, type Response } from "express";
import { principalOf } from "../authorization/allow.js";
import { parseBody } from "../authorization/parse-body.js";
import type { StudyAccess } from "../authorization/study-access.js";
import { idempotencyOf } from "../emr/idempotency-key.js";
import { ApiError } from "../error-response.js";
import { isPerson, reviewerOf, type ReviewerDirectory } from "../review/reviewers.js";
import { demandVisible } from "../studies/demand-visible.js";
import { findStudy } from "../studies/study-details.js";
import type { StudyRecord } from "../state/records.js";
import { listKeyImages, withdrawKeyImages, type KeyImageDependencies } from "./key-images.js";
import { selectionBody } from "./selection-body.js";
import { storeKeyImages } from "./store-selection.js";

export interface KeyImageRoutesDependencies extends KeyImageDependencies, ReviewerDirectory {
  readonly access: StudyAccess;
}

/** `/api/studies/{studyInstanceUid}/key-images`: Key Object Selection Documents of a study. */
export function keyImageRoutes(dependencies: KeyImageRoutesDependencies): Router {
  const { access, read } = dependencies;
  const router = Router({ mergeParams: true });

  router.get("/", async (request, response) => {
    const uid = studyUidOf(request);
    await demandVisible(uid, response, access);
    const principal = principalOf(response);
    const { granted } = await access.decide(principal, "annotate", uid);
    const study = await findStudy(uid, read);
    response.json({
      ...(await listKeyImages(study, principal.subject, dependencies)),
      mayAdd: granted && isPerson(principal),
    });
  });

  router.post("/", async (request, response) => {
    const study = await studyToAnnotate(request, response, dependencies);
    const body = parseBody(selectionBody, request.body);
    const principal = principalOf(response);
    if (!isPerson(principal))
      throw new ApiError(403, "selector-not-a-person", "Key images are chosen by people, not by programs.");
    const selector = await reviewerOf(principal, dependencies);
    const key = request.get("idempotency-key");
    const route = `POST key-images ${study.orthancId}`;
    const idempotency = idempotencyOf(key, principal.subject, route, body);
    const { selection, repeated } = await storeKeyImages(study, body, selector, idempotency, dependencies);
    if (repeated) response.setHeader("Idempotency-Replayed", "true");
    response.status(201).json(selection);
  });

  router.delete("/:sopInstanceUid", async (request, response) => {
    const study = await studyToAnnotate(request, response, dependencies);
    const { subject } = principalOf(response);
    const uid = request.params.sopInstanceUid;
    if (!(await withdrawKeyImages(study, subject, uid, dependencies)))
      throw new ApiError(404, "no-such-key-images", "You have made no such selection.");
    response.status(204).end();
  });
  return router;
}

/** The path's study, in which the principal may annotate. */
async function studyToAnnotate(
  request: Request<object>,
  response: Response,
  { access, read }: KeyImageRoutesDependencies,
): Promise<StudyRecord> {
  const uid = studyUidOf(request);
  await demandVisible(uid, response, access);
  await access.demand(principalOf(response), "annotate", uid);
  return findStudy(uid, read);
}

/** Of the path that this router is mounted at. */
function studyUidOf({ params }: Request<object>): string {
  return (params as { readonly studyInstanceUid: string }).studyInstanceUid;
}
