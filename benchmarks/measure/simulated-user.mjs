import { setTimeout as pause } from "node:timers/promises";
import { listen } from "../../scripts/demo/listen.mjs";
import { UserSession } from "./user-session.mjs";

/** @import { Stack } from "../../scripts/local-stack/start-stack.mjs" */
/** @import { Timed } from "./user-session.mjs" */

const HTJ2K = "multipart/related; type=application/octet-stream; transfer-syntax=1.2.840.10008.1.2.4.202";
/** Between two things that a person does; a wheel turns faster. */
const THINKING_MILLISECONDS = [500, 3_000];
const SCROLLING_MILLISECONDS = [20, 80];
const SCROLLED_IMAGES = 12;
/** A doctor decides about every tenth result they open. */
const DECIDED_SHARE = 0.1;

/**
 * A doctor at the workspace: hears events, looks at the list, opens a study, looks through its images, and decides about
 * a result now and then, over and over. A request that is not answered well ends it with an error, apart from a decision
 * that another one took first (409), and a login that has to wait its turn (429).
 *
 * @param {Stack} stack
 * @param {{ until: number, seed: number, timed: Timed }} options until: of `performance.now()`
 */
export async function simulatedUser(stack, { until, seed, timed }) {
  const random = randomFrom(seed);
  /** @param {readonly number[]} range */
  const wait = ([least = 0, most = 0]) => pause(least + (most - least) * random());
  const session = await UserSession.open(stack, timed);
  const events = await listen(stack, () => session.token());
  try {
    while (performance.now() < until) {
      const { studies } = await session.json("study list", "/api/studies?limit=20");
      await wait(THINKING_MILLISECONDS);
      const study = studies[Math.floor(random() * studies.length)];
      if (study === undefined) continue;
      await openStudy(session, study.studyInstanceUid, { random, wait });
      await wait(THINKING_MILLISECONDS);
    }
  } finally {
    events.close();
  }
}

/**
 * @param {UserSession} session
 * @param {string} studyInstanceUid
 * @param {{ random: () => number, wait: (range: readonly number[]) => Promise<void> }} person
 */
async function openStudy(session, studyInstanceUid, { random, wait }) {
  const details = await session.json("study", `/api/studies/${studyInstanceUid}`);
  const series = details.series.find((/** @type {any} */ one) => ["CT", "MR"].includes(one.modality));
  if (series === undefined) return;
  const path = `/dicom-web/studies/${studyInstanceUid}/series/${series.seriesInstanceUid}`;
  await session.bytes("thumbnail", `${path}/thumbnail?viewport=96%2C96`, "image/jpeg");
  const metadata = await session.json("metadata", `${path}/metadata`, "application/dicom+json");
  for (const instance of metadata.slice(0, SCROLLED_IMAGES)) {
    const uid = instance["00080018"].Value[0];
    await session.bytes("frame", `${path}/instances/${uid}/frames/1`, HTJ2K);
    await wait(SCROLLING_MILLISECONDS);
  }
  const open = details.results.find(
    (/** @type {any} */ one) => one.reportSopInstanceUid !== undefined && one.review == null,
  );
  if (open !== undefined && random() < DECIDED_SHARE) await session.accept(open);
}

/** The same person in every run. @param {number} seed */
function randomFrom(seed) {
  let state = seed * 2_654_435_761 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
