import { setTimeout as pause } from "node:timers/promises";
import { residentMegabytes } from "./measure/resident-megabytes.mjs";
import { percentile } from "./measure/result.mjs";
import { study } from "./measure/reported-studies.mjs";
import { onStack, orthancAuthorization, storeImages } from "./measure/running-stack.mjs";
import { simulatedUser } from "./measure/simulated-user.mjs";

const USERS = 100;
const MINUTES = Number(process.env["NEURONOVA_LOAD_MINUTES"] ?? 10);
/** nginx lets two logins a second through for an address. */
const BETWEEN_LOGINS_MILLISECONDS = 550;
const STUDIES_BEFORE = 10;
const STUDIES_MEANWHILE = 20;
const SLICES = 24;

/**
 * A hundred doctors at their workspaces for ten minutes, while twenty studies arrive and a model looks at each: how long
 * each kind of request takes, and whether the api process grows. Any request that fails ends the run. The users run on
 * the same processors as what they ask.
 *
 * @returns {Promise<import("./measure/result.mjs").Measurement>}
 */
export async function measure() {
  const images = await Promise.all(
    Array.from({ length: STUDIES_BEFORE + STUDIES_MEANWHILE }, (_, index) => study(501 + index, SLICES)),
  );
  return onStack(async (stack, events) => {
    const store = (/** @type {(typeof images)[number]} */ one) =>
      storeImages(stack.orthancUrl, orthancAuthorization(stack), one);
    for (const one of images.slice(0, STUDIES_BEFORE)) await store(one);
    await reports(events, STUDIES_BEFORE);
    const alone = await timesOf((timed) =>
      simulatedUser(stack, { until: performance.now() + 30_000, seed: 1, timed }),
    );
    const api = /** @type {number} */ (stack.processes["sidecar-api"]?.pid);
    /** @type {number[]} */
    const memory = [];
    const begin = performance.now();
    const until = begin + MINUTES * 60_000;
    const watch = setInterval(() => memory.push(residentMegabytes(api)), 1_000);
    const loaded = await timesOf(async (timed) => {
      const ingest = arriving(images.slice(STUDIES_BEFORE), store, until);
      /** @type {Promise<void>[]} */
      const users = [];
      for (let user = 0; user < USERS; user += 1) {
        users.push(simulatedUser(stack, { until, seed: user + 2, timed }));
        await pause(BETWEEN_LOGINS_MILLISECONDS);
      }
      await Promise.all([...users, ingest]);
    }).finally(() => clearInterval(watch));
    await reports(events, STUDIES_BEFORE + STUDIES_MEANWHILE);
    return resultOf(alone, loaded, memory);
  });
}

/** @param {Parameters<Parameters<typeof onStack>[0]>[1]} events @param {number} count */
function reports(events, count) {
  return events.until("results", (heard) => heard("analysis.succeeded") >= count, 600);
}

/**
 * One after the other, over the first two thirds of the time.
 *
 * @template T
 * @param {readonly T[]} images
 * @param {(images: T) => Promise<void>} store
 * @param {number} until
 */
async function arriving(images, store, until) {
  const pace = ((until - performance.now()) * 2) / 3 / images.length;
  for (const one of images) {
    await store(one);
    await pause(pace);
  }
}

/** @param {(timed: import("./measure/user-session.mjs").Timed) => Promise<void>} work */
async function timesOf(work) {
  /** @type {Map<string, number[]>} */
  const times = new Map();
  await work((route, milliseconds) => {
    const known = times.get(route);
    if (known === undefined) times.set(route, [milliseconds]);
    else known.push(milliseconds);
  });
  return times;
}

/**
 * @param {ReadonlyMap<string, readonly number[]>} alone
 * @param {ReadonlyMap<string, readonly number[]>} loaded
 * @param {readonly number[]} memory each second
 * @returns {import("./measure/result.mjs").Measurement}
 */
function resultOf(alone, loaded, memory) {
  /** @type {Record<string, number>} */
  const metrics = { users: USERS, minutes: MINUTES, studiesMeanwhile: STUDIES_MEANWHILE };
  let requests = 0;
  for (const [route, times] of loaded) {
    requests += times.length;
    const name = route.replace(/ (.)/g, (_, letter) => letter.toUpperCase());
    metrics[`${name}P50Milliseconds`] = percentile(times, 0.5);
    metrics[`${name}P95Milliseconds`] = percentile(times, 0.95);
    metrics[`${name}P99Milliseconds`] = percentile(times, 0.99);
    if (alone.has(route)) metrics[`${name}AloneP95Milliseconds`] = percentile(alone.get(route) ?? [], 0.95);
  }
  // Caches fill in the first third.
  const third = Math.floor(memory.length / 3);
  const [middle, end] = [memory.slice(third, 2 * third), memory.slice(2 * third)].map((part) =>
    percentile(part, 0.5),
  );
  return {
    metrics: {
      ...metrics,
      requests,
      failedRequests: 0,
      apiMegabytesMiddle: middle ?? Number.NaN,
      apiMegabytesEnd: end ?? Number.NaN,
    },
    ratio: (end ?? Number.NaN) / (middle ?? Number.NaN),
    of: "memory of the api process in the last third of the time over that in the second, 100 users",
    target: { atMost: 1.1 },
  };
}
