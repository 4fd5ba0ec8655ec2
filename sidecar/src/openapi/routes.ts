import { Router } from "express";
import type { OpenApiDocument } from "./document.js";
import { descriptionPage } from "./page.js";
import { PAGE_STYLE } from "./page-style.js";

const STYLE_ADDRESS = "/api/docs/style.css";

/**
 * `/api/openapi.json` and `/api/docs`, for everybody: they say what the source says, which is public, and nothing of this
 * installation; whoever makes a client needs them before they have a token.
 */
export function descriptionRoutes(): Router {
  const router = Router();
  const answer = (path: string, type: string, make: () => Promise<string>) => {
    let made: string | undefined;
    router.get(path, async (_request, response) => {
      made ??= await make();
      response.setHeader("Cache-Control", "no-cache");
      response.type(type).send(made);
    });
  };
  answer("/openapi.json", "json", async () => JSON.stringify(await description()));
  answer("/docs", "html", async () => descriptionPage(await description(), STYLE_ADDRESS));
  answer("/docs/style.css", "css", () => Promise.resolve(PAGE_STYLE));
  return router;
}

/** Loaded for whoever asks first: a process that starts has better things to do, and most are never asked. */
async function description(): Promise<OpenApiDocument> {
  const [{ API }, { openApiDocument }] = await Promise.all([import("./api.js"), import("./document.js")]);
  return openApiDocument(API);
}
