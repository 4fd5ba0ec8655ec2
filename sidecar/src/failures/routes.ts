import { Router } from "express";
import type { Catalogue } from "../studies/catalogue.js";
import { retryFailure, type RetryDependencies } from "./retry.js";

const MOST = 1_000;

/** `/api/failures`: work that ended in "failed", with its reason, to be found and retried by an administrator. */
export function failureRoutes(dependencies: RetryDependencies & { readonly catalogue: Catalogue }): Router {
  const router = Router();
  router.get("/", async (_request, response) => {
    response.json({ failures: await dependencies.catalogue.failures(MOST) });
  });
  router.post("/:kind/:id/retry", async (request, response) => {
    await retryFailure(request.params.kind, request.params.id, dependencies);
    response.status(202).json({ accepted: true });
  });
  return router;
}
