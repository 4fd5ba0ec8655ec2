import { Router } from "express";
import { installationStatus, type StatusSources } from "./status.js";

/** `/api/status`: how the installation is, for those who look after it. 200 whatever it is: the answer says so. */
export function statusRoutes(sources: StatusSources): Router {
  const router = Router();
  router.get("/", async (_request, response) => {
    response.setHeader("Cache-Control", "no-store").json(await installationStatus(sources));
  });
  return router;
}
