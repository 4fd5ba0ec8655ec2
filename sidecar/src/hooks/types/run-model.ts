import { requestJobs } from "../../ai-jobs/request-jobs.js";
import { jobRequest } from "../../ai-jobs/routes.js";
import { requestedSeries } from "../../ai-jobs/requested-series.js";
import { demand } from "../../authorization/authenticate.js";
import { hookTypeOf } from "../hook-type.js";
import { NotHereYet } from "../not-here-yet.js";

/** What `POST /api/ai/jobs` does. */
export const runModel = hookTypeOf({
  needs: ["view", "run-model"],
  action: "job-change",
  summary: "A model is to look at a study or a series",
  data: jobRequest,
  lane: ({ studyInstanceUid, seriesInstanceUid }) => studyInstanceUid ?? seriesInstanceUid ?? "",
  async perform({ model, version, priority, ...where }, { principal, record }, dependencies) {
    demand(principal, "view");
    demand(principal, "run-model");
    const requested = await requestedSeries(where, principal, dependencies);
    // Whether the model suits it is not known before all of it is here: this waits, where a person asks again.
    if (requested.series.some(({ state }) => state === "receiving"))
      throw new NotHereYet("series-receiving", "Images of it are still arriving.");
    const target = `model:${model}`;
    await record({ target, studyInstanceUids: [requested.studyInstanceUid] });
    const rows = await requestJobs(
      { name: model, version },
      requested,
      { priority, requestedBy: principal.subject },
      dependencies,
    );
    return {
      target,
      answer: {
        studyInstanceUid: requested.studyInstanceUid,
        jobIds: rows.map(({ analysis }) => analysis.id),
      },
    };
  },
});
