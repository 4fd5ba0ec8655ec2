import { z } from "zod";
import type { Operations } from "./operation.js";

/** The description of the API itself, described. */
export const DESCRIPTION_OPERATIONS: Operations = {
  "GET /api/openapi.json": {
    id: "getDescription",
    tag: "health",
    summary: "This description (OpenAPI 3.1)",
    needs: "nothing",
    answers: { 200: { description: "OpenAPI", schema: z.record(z.string(), z.unknown()) } },
    example: {},
  },
  "GET /api/docs": {
    id: "getDescriptionPage",
    tag: "health",
    summary: "This description as a page",
    needs: "nothing",
    answers: { 200: { description: "HTML", mediaTypes: ["text/html"] } },
    example: {},
  },
  "GET /api/docs/style.css": {
    id: "getDescriptionStyle",
    tag: "health",
    summary: "How that page looks",
    needs: "nothing",
    answers: { 200: { description: "CSS", mediaTypes: ["text/css"] } },
  },
};
