import { Router, type RequestHandler } from "express";
import { z } from "zod";
import { principalOf } from "../authorization/allow.js";
import { ApiError } from "../error-response.js";
import { MODEL_MODES, type ModelDecisions, type ModelMode, type ModelName } from "./model-modes.js";

export interface ListedModel extends ModelName {
  readonly title: string;
  readonly task: string;
  readonly engine: string;
  readonly mode: ModelMode;
}

/** The models of this process. */
export interface Shelf {
  list(): {
    readonly models: readonly ListedModel[];
    /** Bundles that are not used, by the name of their folder. */
    readonly refused: readonly { readonly folder: string; readonly reason: string }[];
  };
  has(model: ModelName): boolean;
  /** Markdown; null when there is no such model. */
  card(model: ModelName): Promise<string | null>;
  /** Takes over what was decided, and reads the folder again when that was asked for. */
  look(): Promise<void>;
}

export interface ModelRoutesDependencies {
  readonly shelf: Shelf;
  readonly decisions: ModelDecisions;
  /** Has the other processes look at once. */
  readonly changed: () => void;
  /** Lets pass whoever may see models, and whoever may decide about them. */
  readonly mayView: RequestHandler;
  readonly mayAdminister: readonly RequestHandler[];
}

export const modeDecision = z.strictObject({ mode: z.enum(MODEL_MODES) });

/** `/api/models`: which there are, what they say of themselves, and whether they run. */
export function modelRoutes(dependencies: ModelRoutesDependencies): Router {
  const { shelf, decisions, changed, mayView, mayAdminister } = dependencies;
  const router = Router();
  router.get("/", mayView, (_request, response) => {
    response.json(shelf.list());
  });
  router.get<ModelName & Record<string, string>>(
    "/:name/:version/card",
    mayView,
    async (request, response) => {
      const { name, version } = request.params;
      const card = await shelf.card({ name, version });
      if (card === null) throw noSuchModel();
      response.type("text/markdown").send(card);
    },
  );
  router.post("/reload", ...mayAdminister, async (_request, response) => {
    await reloadModels({ shelf, decisions, changed });
    response.json(shelf.list());
  });
  router.put<ModelName & Record<string, string>>(
    "/:name/:version",
    ...mayAdminister,
    async (request, response) => {
      const { name, version } = request.params;
      const wanted = modeDecision.safeParse(request.body);
      if (!wanted.success)
        throw new ApiError(400, "request-malformed", `mode is one of ${MODEL_MODES.join(", ")}.`);
      if (!shelf.has({ name, version })) throw noSuchModel();
      const { mode } = wanted.data;
      await decisions.decide({ name, version }, mode, principalOf(response).subject);
      changed();
      await shelf.look();
      response.json({ name, version, mode });
    },
  );
  return router;
}

/** Has every process read the folder of models again, this one before it answers. */
export async function reloadModels({
  shelf,
  decisions,
  changed,
}: Pick<ModelRoutesDependencies, "shelf" | "decisions" | "changed">): Promise<void> {
  await decisions.reload();
  changed();
  await shelf.look();
}

function noSuchModel(): ApiError {
  return new ApiError(404, "no-such-model", "There is no such model.");
}
