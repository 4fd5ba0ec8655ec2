import { randomUUID } from "node:crypto";
import { Router, type Request, type Response } from "express";
import { z } from "zod";
import { askedSeries, findSeries, seriesNotFound, type ModelChoice } from "../ai-jobs/request-jobs.js";
import type { JobStore } from "../ai-jobs/job-store.js";
import { recordFirst } from "../audit/audit-api.js";
import { noteForAudit } from "../audit/audit-request.js";
import { principalOf } from "../authorization/allow.js";
import { demand } from "../authorization/authenticate.js";
import { parseBody } from "../authorization/parse-body.js";
import { isUnrestricted } from "../authorization/principal.js";
import type { StudyAccess } from "../authorization/study-access.js";
import { readableUid } from "../dicom/uid-schema.js";
import { ApiError } from "../error-response.js";
import type { SeriesDetails, State } from "../state/state.js";
import type { Answers } from "./answers.js";
import { inferenceView, type InferenceViewDependencies } from "./inference-view.js";
import { INFERENCE_OBJECTS, type InferenceRow, type InferenceStore } from "./inference-store.js";

const WAIT = { usualSeconds: 30, longestSeconds: 50 };
export const inferenceRequest = z.strictObject({
  studyInstanceUid: readableUid.optional(),
  seriesInstanceUid: readableUid,
  sopInstanceUid: readableUid.optional(),
  model: z.string().regex(/^[a-z][a-z0-9_]{0,31}$/, "a model's name"),
  version: z
    .string()
    .regex(/^\d+\.\d+\.\d+$/, "a model's version")
    .optional(),
});

export interface InferenceRoutesDependencies extends InferenceViewDependencies {
  readonly state: State;
  readonly jobs: Pick<JobStore, "seriesByUid">;
  readonly models: ModelChoice;
  readonly access: StudyAccess;
  readonly answers: Answers;
  readonly store: InferenceStore;
}

/**
 * `/api/inference`: what a model says of a series or of one image, answered to who asks. Nothing is stored in the
 * archive and nothing told to other systems: for that there are jobs.
 */
export function inferenceRoutes(dependencies: InferenceRoutesDependencies): Router {
  const { answers, store } = dependencies;
  const router = Router();

  router.post("/", async (request, response) => {
    const principal = principalOf(response);
    demand(principal, "run-model");
    const {
      model: name,
      version,
      sopInstanceUid = null,
      ...where
    } = parseBody(inferenceRequest, request.body);
    const waitMilliseconds = wantedWait(request) * 1_000;
    const { series, studyInstanceUid } = await findReachableSeries(where, response, dependencies);
    await recordFirst(response, { target: `model:${name}`, studyInstanceUids: [studyInstanceUid] });
    const model = dependencies.models.find({ name, version });
    if (model === null)
      throw new ApiError(404, "no-such-model", "There is no such model, or it is switched off.");
    refuseUnsuitable(model, series, sopInstanceUid, dependencies.models);

    const id = randomUUID();
    await answers.ask({
      id,
      seriesId: series.orthancId,
      sopInstanceUid,
      modelName: model.name,
      modelVersion: model.version,
      requestedBy: principal.subject,
    });
    const gone = new AbortController();
    response.on("close", () => gone.abort());
    const row = await answers.within(id, waitMilliseconds, gone.signal);
    if (row === null) throw noSuchInference();
    if (row.state === "failed")
      throw new ApiError(
        422,
        "inference-failed",
        row.reason ?? "It failed.",
        {},
        {},
        {
          inference: id,
          reason: { code: row.code, detail: row.reason },
        },
      );
    const done = row.state === "succeeded";
    response.set({ Location: `/api/inference/${id}`, ...(done ? {} : { "Retry-After": "2" }) });
    response.status(done ? 200 : 202).json(await inferenceView(row, series, studyInstanceUid, dependencies));
  });

  router.get("/:id", async (request, response) => {
    const { row, series, studyInstanceUid } = await findInference(request.params.id, response, dependencies);
    response.json(await inferenceView(row, series, studyInstanceUid, dependencies));
  });

  for (const kind of INFERENCE_OBJECTS) {
    router.get(`/:id/${kind}`, async (request, response) => {
      const { row } = await findInference(request.params["id"], response, dependencies);
      const bytes = await store.object(row.id, kind);
      if (bytes === null)
        throw new ApiError(404, "no-such-object", "There is none: no answer yet, or nothing was found.");
      response.type("application/dicom").send(bytes);
    });
  }
  return router;
}

/** Prefer: wait=N (RFC 7240), in seconds; 0 does not wait. */
function wantedWait(request: Request): number {
  const [, seconds] = /(?:^|[,;\s])wait\s*=\s*"?(\d{1,4})"?/i.exec(request.get("prefer") ?? "") ?? [];
  return Math.min(WAIT.longestSeconds, seconds === undefined ? WAIT.usualSeconds : Number(seconds));
}

/** A series out of reach is answered like one that does not exist. */
async function findReachableSeries(
  where: { readonly seriesInstanceUid: string; readonly studyInstanceUid?: string | undefined },
  response: Response,
  { state, jobs, access }: InferenceRoutesDependencies,
): Promise<{ series: SeriesDetails; studyInstanceUid: string }> {
  const place = await findSeries(where.seriesInstanceUid, where.studyInstanceUid, jobs);
  const decision = await access.decide(principalOf(response), "run-model", place.studyInstanceUid);
  const series = decision.granted ? await state.read.series(place.seriesId) : null;
  if (series === null) throw seriesNotFound();
  return { series, studyInstanceUid: place.studyInstanceUid };
}

/** @throws ApiError 404 `instance-not-found`, 422 `model-not-applicable` */
function refuseUnsuitable(
  model: { readonly name: string; readonly version: string },
  series: SeriesDetails,
  sopInstanceUid: string | null,
  models: ModelChoice,
): void {
  const known = series.instances.some((instance) => instance.sopInstanceUid === sopInstanceUid);
  if (sopInstanceUid !== null && !known)
    throw new ApiError(404, "instance-not-found", "There is no such image in the series.");
  const reason = models.refusal(model, askedSeries(series), sopInstanceUid === null ? "series" : "instance");
  if (reason !== null)
    throw new ApiError(422, "model-not-applicable", `The model is not for this: ${reason}.`);
}

/** An answer is its asker's, as long as they reach the study; and an administrator's. */
async function findInference(
  id: string,
  response: Response,
  { store, state, access }: InferenceRoutesDependencies,
): Promise<{ row: InferenceRow; series: SeriesDetails; studyInstanceUid: string }> {
  const principal = principalOf(response);
  const row = /^[0-9a-f-]{36}$/.test(id) ? await store.find(id) : null;
  const series = row && (await state.read.series(row.seriesId));
  const study = series && (await state.read.study(series.studyId));
  if (row === null || series === null || study === null) throw noSuchInference();
  const own = row.requestedBy === principal.subject;
  const administers = principal.permissions.has("administer-work") && isUnrestricted(principal);
  const decision = await access.decide(principal, "view", study.studyInstanceUid);
  if (!decision.granted || !(own || administers)) throw noSuchInference();
  noteForAudit(response, { studyInstanceUids: [study.studyInstanceUid] });
  return { row, series, studyInstanceUid: study.studyInstanceUid };
}

function noSuchInference(): ApiError {
  return new ApiError(404, "no-such-inference", "There is no such answer; answers are kept for an hour.");
}
