import { Router } from "express";
import { z } from "zod";
import { ApiError } from "../error-response.js";
import type { FhirServer } from "../fhir/fhir-server.js";
import { findStudy, studyDetails, type StudyDetailsDependencies } from "./study-details.js";

const searchSchema = z.object({
  query: z.string().max(200).default(""),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  offset: z.coerce.number().int().min(0).max(10_000_000).default(0),
});

/** `/api/studies`: what the study list and the viewer show beside the images. */
export function studyRoutes(dependencies: StudyDetailsDependencies & { readonly fhir: FhirServer }): Router {
  const router = Router();
  router.get("/", async (request, response) => {
    const search = searchSchema.safeParse(request.query);
    if (!search.success)
      throw new ApiError(400, "request-malformed", "query, limit (1 to 200) and offset are taken.");
    const { query, limit, offset } = search.data;
    response.json(await dependencies.catalogue.search(query.trim(), limit, offset));
  });
  router.get("/:studyInstanceUid", async (request, response) => {
    response.json(await studyDetails(request.params.studyInstanceUid, dependencies));
  });
  router.get("/:studyInstanceUid/fhir", async (request, response) => {
    const study = await findStudy(request.params.studyInstanceUid, dependencies.read);
    const written = await dependencies.catalogue.fhirResources(study.orthancId);
    const resources = await Promise.all(
      written.map(({ resourceType, id }) => dependencies.fhir.read(resourceType, id)),
    );
    response.json({ resources: resources.filter((resource) => resource !== null) });
  });
  return router;
}
