import { Router, type Response } from "express";
import { z } from "zod";
import { recordFirst } from "../audit/audit-api.js";
import { noteForAudit } from "../audit/audit-request.js";
import { principalOf } from "../authorization/allow.js";
import { demand } from "../authorization/authenticate.js";
import { parseBody } from "../authorization/parse-body.js";
import type { StudyAccess } from "../authorization/study-access.js";
import { studyFilterOf } from "../authorization/study-filter.js";
import { readableUid } from "../dicom/uid-schema.js";
import { ANALYSIS_PRIORITIES, ANALYSIS_STATES } from "../state/records.js";
import { cancelJob, noSuchJob, retryJob } from "./change-job.js";
import type { JobRow } from "./job-store.js";
import { jobDetails, jobView, type JobViewDependencies } from "./job-view.js";
import { requestedSeries } from "./requested-series.js";
import { requestJobs, type RequestJobsDependencies } from "./request-jobs.js";

const MOST = 200;
const name = z.string().regex(/^[a-z][a-z0-9_]{0,31}$/, "a model's name");
const version = z.string().regex(/^\d+\.\d+\.\d+$/, "a model's version");

export const jobRequest = z
  .strictObject({
    studyInstanceUid: readableUid.optional(),
    seriesInstanceUid: readableUid.optional(),
    model: name,
    version: version.optional(),
    priority: z.enum(ANALYSIS_PRIORITIES).default("medium"),
  })
  .refine(({ studyInstanceUid, seriesInstanceUid }) => studyInstanceUid ?? seriesInstanceUid, {
    message: "a study or a series",
  });

export const jobSearch = z.strictObject({
  state: z.enum(ANALYSIS_STATES).optional(),
  model: name.optional(),
  studyInstanceUid: readableUid.optional(),
  seriesInstanceUid: readableUid.optional(),
  before: z.coerce.number().int().min(1).optional(),
  limit: z.coerce.number().int().min(1).max(MOST).default(50),
});

export interface JobRoutesDependencies extends RequestJobsDependencies, JobViewDependencies {
  readonly access: StudyAccess;
}

/** `/api/ai/jobs`: models' work on series, to be asked for, watched, canceled and retried. */
export function jobRoutes(dependencies: JobRoutesDependencies): Router {
  const { state, jobs, access } = dependencies;
  const router = Router();

  router.post("/", async (request, response) => {
    const principal = principalOf(response);
    demand(principal, "run-model");
    const { model, version: of, priority, ...where } = parseBody(jobRequest, request.body);
    const requested = await requestedSeries(where, principal, dependencies);
    await recordFirst(response, {
      target: `model:${model}`,
      studyInstanceUids: [requested.studyInstanceUid],
    });
    const rows = await requestJobs(
      { name: model, version: of },
      requested,
      { priority, requestedBy: principal.subject },
      dependencies,
    );
    const [only, ...others] = rows;
    if (only !== undefined && others.length === 0)
      response.setHeader("Location", `/api/ai/jobs/${only.analysis.id}`);
    response.status(202).json({ jobs: rows.map((row) => jobView(row, dependencies)) });
  });

  router.get("/", async (request, response) => {
    const { limit, ...filter } = parseBody(jobSearch, request.query);
    const rows = await jobs.list(filter, studyFilterOf(principalOf(response)), limit);
    noteForAudit(response, { shown: [...new Set(rows.map(({ studyInstanceUid }) => studyInstanceUid))] });
    const next = rows.length === limit ? rows.at(-1)?.analysis.id : undefined;
    response.json({
      jobs: rows.map((row) => jobView(row, dependencies)),
      mayChange: principalOf(response).permissions.has("run-model"),
      ...(next === undefined ? {} : { next }),
    });
  });

  router.get("/:id", async (request, response) => {
    const row = await findJob(request.params.id, response, dependencies);
    response.json(jobDetails(row, await state.read.series(row.analysis.seriesId), dependencies));
  });

  router.post("/:id/cancel", async (request, response) => {
    demand(principalOf(response), "run-model");
    const row = await findJob(request.params.id, response, dependencies);
    await demandChange(response, row, "cancel", access);
    const canceled = await cancelJob(row, principalOf(response).subject, dependencies);
    response.status(202).json(jobView(canceled, dependencies));
  });

  router.post("/:id/retry", async (request, response) => {
    demand(principalOf(response), "run-model");
    const row = await findJob(request.params.id, response, dependencies);
    await demandChange(response, row, "retry", access);
    const retried = await retryJob(row, principalOf(response).subject, dependencies);
    response.status(202).json(jobView(retried, dependencies));
  });
  return router;
}

/** A job out of reach is answered like one that does not exist. */
async function findJob(
  id: string,
  response: Response,
  { jobs, access }: JobRoutesDependencies,
): Promise<JobRow> {
  const row = /^\d{1,15}$/.test(id) ? await jobs.find(Number(id)) : null;
  if (row === null) throw noSuchJob();
  const decision = await access.decide(principalOf(response), "view", row.studyInstanceUid);
  if (!decision.granted) throw noSuchJob();
  noteForAudit(response, { studyInstanceUids: [row.studyInstanceUid] });
  return row;
}

/** @throws ApiError 403 */
async function demandChange(
  response: Response,
  row: JobRow,
  what: string,
  access: StudyAccess,
): Promise<void> {
  await access.demand(principalOf(response), "run-model", row.studyInstanceUid);
  await recordFirst(response, { target: `job:${row.analysis.id}:${what}` });
}
