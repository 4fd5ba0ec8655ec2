import { z } from "zod";
import type { Operations } from "../openapi/operation.js";
import { instant } from "../openapi/values.js";
import { MODEL_MODES } from "./model-modes.js";
import { modeDecision } from "./routes.js";

const mode = z.enum(MODEL_MODES);
const list = z
  .object({
    models: z.array(
      z.object({
        name: z.string(),
        version: z.string(),
        title: z.string(),
        notice: z.string(),
        task: z.string(),
        engine: z.string(),
        intendedUse: z.string(),
        limitations: z.array(z.string()),
        regulatoryStatus: z.string(),
        mode,
        modeSince: instant.optional().meta({ description: "Absent while nobody has decided" }),
      }),
    ),
    refused: z
      .array(z.object({ folder: z.string(), reason: z.string() }))
      .meta({ description: "Bundles that are not used" }),
  })
  .meta({ id: "ModelList" });
const path = { name: z.string(), version: z.string() };

/** `/api/models`, described. */
export const MODEL_OPERATIONS: Operations = {
  "GET /api/models": {
    id: "listModels",
    tag: "models",
    summary: "The models, and whether they run",
    needs: "view",
    answers: { 200: { description: "All", schema: list } },
    example: {},
  },
  "GET /api/models/:name/:version/card": {
    id: "getModelCard",
    tag: "models",
    summary: "What a model says of itself",
    needs: "view",
    path,
    answers: { 200: { description: "Markdown", mediaTypes: ["text/markdown"] } },
    problems: ["no-such-model"],
    example: { path: { name: "tumor_detection", version: "1.0.0" } },
  },
  "POST /api/models/reload": {
    id: "reloadModels",
    tag: "models",
    summary: "Has every process read the folder of models again",
    needs: "administer-work",
    answers: { 200: { description: "All", schema: list } },
    example: {},
  },
  "PUT /api/models/:name/:version": {
    id: "setModelMode",
    tag: "models",
    summary: "Switches a model on, off, or into shadow mode",
    needs: "administer-work",
    path,
    body: { schema: modeDecision },
    answers: {
      200: { description: "As it is now", schema: z.object({ name: z.string(), version: z.string(), mode }) },
    },
    problems: ["no-such-model"],
    example: { path: { name: "tumor_detection", version: "1.0.0" }, body: { mode: "enabled" } },
  },
};
