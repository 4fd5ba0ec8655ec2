import { Router } from "express";
import type { TokenVerifier } from "../authorization/access-token.js";
import { allow, insistOnUnrestricted } from "../authorization/allow.js";
import { bearerToken } from "../authorization/authenticate.js";
import { explorerCookie } from "./explorer-cookie.js";

/** `/api/auth/orthanc-session`: a browser's way into Orthanc Explorer, and out of it. */
export function explorerSessionRoutes(tokens: TokenVerifier): Router {
  const router = Router();
  router.post("/", allow(tokens, "administer-archive"), insistOnUnrestricted, (request, response) => {
    response.setHeader("Set-Cookie", explorerCookie(bearerToken(request)));
    response.setHeader("Cache-Control", "no-store");
    response.json({ address: "/orthanc/app/explorer.html" });
  });
  router.delete("/", (_request, response) => {
    response.setHeader("Set-Cookie", explorerCookie(""));
    response.status(204).end();
  });
  return router;
}
