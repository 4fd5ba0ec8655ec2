import { Router } from "express";
import { noteForAudit } from "../audit/audit-request.js";
import { MOST_SHOWN_OF_ALL } from "../audit/shown-studies.js";
import { principalOf } from "../authorization/allow.js";
import { isUnrestricted } from "../authorization/principal.js";
import { studyFilterOf } from "../authorization/study-filter.js";
import { ApiError } from "../error-response.js";
import type { FhirServer } from "../fhir/fhir-server.js";
import { setLabels, type LabelDependencies } from "../labels/study-labels.js";
import { isPerson } from "../review/reviewers.js";
import { demandVisible } from "./demand-visible.js";
import { studySearchSchema } from "./study-search.js";
import { findStudy, studyDetails, type StudyDetailsDependencies } from "./study-details.js";

export interface StudyRoutesDependencies extends StudyDetailsDependencies, LabelDependencies {
  readonly fhir: FhirServer;
}

/** `/api/studies`: what the study list and the viewer show beside the images. */
export function studyRoutes(dependencies: StudyRoutesDependencies): Router {
  const router = Router();
  router.get("/", async (request, response) => {
    const search = studySearchSchema.safeParse(request.query);
    if (!search.success)
      throw new ApiError(
        400,
        "request-malformed",
        `The search is malformed: ${[...new Set(search.error.issues.map(({ path }) => String(path[0])))].join(", ")}.`,
      );
    const principal = principalOf(response);
    const found = await dependencies.catalogue.search(search.data, studyFilterOf(principal));
    if (found === null)
      throw new ApiError(
        400,
        "page-gone",
        "The study this page is after is gone: begin with the first page.",
      );
    const { studies } = found;
    const named =
      (search.data.query !== "" || search.data.patient !== undefined) && studies.length <= MOST_SHOWN_OF_ALL;
    if (named || !isUnrestricted(principal))
      noteForAudit(response, {
        shown: [...new Set(studies.map(({ studyInstanceUid }) => studyInstanceUid))],
      });
    response.json(found);
  });
  router.get("/:studyInstanceUid", async (request, response) => {
    await demandVisible(request.params.studyInstanceUid, response, dependencies.access);
    const { studyInstanceUid } = request.params;
    const principal = principalOf(response);
    const review = await dependencies.access.decide(principal, "review", studyInstanceUid);
    const mayReview = review.granted && isPerson(principal);
    const run = await dependencies.access.decide(principal, "run-model", studyInstanceUid);
    const withShadows = principal.permissions.has("administer-work");
    const mayReplay = withShadows && isUnrestricted(principal);
    response.json(
      await studyDetails(
        studyInstanceUid,
        { mayReview, mayRunModel: run.granted, withShadows, mayReplay },
        dependencies,
      ),
    );
  });
  router.get("/:studyInstanceUid/fhir", async (request, response) => {
    await demandVisible(request.params.studyInstanceUid, response, dependencies.access);
    const study = await findStudy(request.params.studyInstanceUid, dependencies.read);
    const written = await dependencies.catalogue.fhirResources(study.orthancId);
    const resources = await Promise.all(
      written.map(({ resourceType, id }) => dependencies.fhir.read(resourceType, id)),
    );
    response.json({ resources: resources.filter((resource) => resource !== null) });
  });
  router.put("/:studyInstanceUid/labels", async (request, response) => {
    const { studyInstanceUid } = request.params;
    await demandVisible(studyInstanceUid, response, dependencies.access);
    await dependencies.access.demand(principalOf(response), "edit-labels", studyInstanceUid);
    await setLabels(studyInstanceUid, request.body, dependencies);
    response.status(204).end();
  });
  return router;
}
