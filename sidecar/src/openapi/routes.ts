import { Router } from "express";
import { API } from "./api.js";
import { openApiDocument } from "./document.js";
import { descriptionPage } from "./page.js";
import { PAGE_STYLE } from "./page-style.js";

const STYLE_ADDRESS = "/api/docs/style.css";

/**
 * `/api/openapi.json` and `/api/docs`, for everybody: they say what the source says, which is public, and nothing of this
 * installation; whoever makes a client needs them before they have a token.
 */
export function descriptionRoutes(): Router {
  const router = Router();
  const answer = (path: string, type: string, make: () => string) => {
    let made: string | undefined;
    router.get(path, (_request, response) => {
      // Made for whoever asks first: most processes are never asked.
      made ??= make();
      response.setHeader("Cache-Control", "no-cache");
      response.type(type).send(made);
    });
  };
  answer("/openapi.json", "json", () => JSON.stringify(openApiDocument(API)));
  answer("/docs", "html", () => descriptionPage(openApiDocument(API), STYLE_ADDRESS));
  answer("/docs/style.css", "css", () => PAGE_STYLE);
  return router;
}
