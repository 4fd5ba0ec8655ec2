import { parseArgs } from "node:util";
import { parseBody } from "../authorization/parse-body.js";
import type { Principal } from "../authorization/principal.js";
import type { StudyAccess } from "../authorization/study-access.js";
import { EVERY_STUDY } from "../authorization/study-filter.js";
import { ApiError } from "../error-response.js";
import { jobView, type JobViewDependencies } from "./job-view.js";
import { requestJobs, type RequestJobsDependencies } from "./request-jobs.js";
import { requestedSeries } from "./requested-series.js";
import { jobRequest, jobSearch } from "./routes.js";

export interface JobCommandDependencies extends RequestJobsDependencies, JobViewDependencies {
  readonly access: StudyAccess;
  readonly operator: Principal;
  readonly print: (text: string) => Promise<void>;
}

/**
 * `neuronova ai …`
 * @returns the exit status
 * @throws ApiError for what cannot be done as it was asked
 */
export async function jobCommand(
  [command = "", ...args]: readonly string[],
  dependencies: JobCommandDependencies,
): Promise<number> {
  const { operator, print } = dependencies;
  const { values } = parseArgs({
    args: [...args],
    options: {
      state: { type: "string" },
      model: { type: "string" },
      "model-version": { type: "string" },
      study: { type: "string" },
      series: { type: "string" },
      priority: { type: "string" },
      limit: { type: "string" },
      json: { type: "boolean", default: false },
    },
  });
  const { state, model, study, series, priority, limit } = values;
  const show = async (jobs: readonly ReturnType<typeof jobView>[]) => {
    if (values.json) return print(`${JSON.stringify(jobs, null, 2)}\n`);
    for (const { id, queuedAt, model: caption, state: now, seriesInstanceUid, reason } of jobs)
      await print(
        `${[id, queuedAt, `${caption.name} ${caption.version}`, now, seriesInstanceUid, reason?.code ?? ""].join("\t")}\n`,
      );
  };
  if (command === "list") {
    const asked = given({ state, model, studyInstanceUid: study, seriesInstanceUid: series, limit });
    const { limit: most, ...filter } = parseBody(jobSearch, asked);
    const rows = await dependencies.jobs.list(filter, EVERY_STUDY, most);
    await show(rows.map((row) => jobView(row, dependencies)));
    return 0;
  }
  if (command === "run") {
    const version = values["model-version"];
    const asked = given({ model, version, priority, studyInstanceUid: study, seriesInstanceUid: series });
    const request = parseBody(jobRequest, asked);
    const requested = await requestedSeries(request, operator, dependencies);
    const rows = await requestJobs(
      { name: request.model, version: request.version },
      requested,
      { priority: request.priority, requestedBy: operator.subject },
      dependencies,
    );
    await show(rows.map((row) => jobView(row, dependencies)));
    return 0;
  }
  throw new ApiError(400, "request-malformed", "ai takes one of: list, run");
}

function given(values: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
