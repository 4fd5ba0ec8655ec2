import { z } from "zod";
import { readableUid } from "../../dicom/uid-schema.js";
import { findStudy } from "../../studies/study-details.js";
import { hookTypeOf } from "../hook-type.js";
import { NotHereYet } from "../not-here-yet.js";

const data = z.strictObject({
  studyInstanceUid: readableUid,
  instanceCount: z.number().int().min(1).max(1_000_000).optional(),
});

/** All of a study has been sent: its series become stable now, not after their quiet time, and models look at them. */
export const studyReady = hookTypeOf({
  needs: ["view", "upload"],
  action: "work-change",
  summary: "All of a study has been sent",
  data,
  lane: ({ studyInstanceUid }) => studyInstanceUid,
  async perform({ studyInstanceUid, instanceCount = 1 }, { principal, record }, { access, state }) {
    await access.demand(principal, "upload", studyInstanceUid);
    const study = await findStudy(studyInstanceUid, state.read);
    const series = await state.read.seriesOfStudy(study.orthancId);
    const arrived = series.reduce((sum, { instances }) => sum + instances.length, 0);
    if (arrived < instanceCount)
      throw new NotHereYet("study-incomplete", `${arrived} of ${instanceCount} instances are here.`);
    const target = "study:ready";
    await record({ target, studyInstanceUids: [studyInstanceUid] });
    const settled = await state.transaction((transaction) => transaction.endQuietTimes(study.orthancId));
    return { target, answer: { studyInstanceUid, seriesSettled: settled } };
  },
});
