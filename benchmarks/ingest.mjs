import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { anotherStudy, ofModality, phantomImages } from "./measure/images.mjs";
import { startOrthancAlone } from "./measure/orthanc-alone.mjs";
import { median } from "./measure/result.mjs";
import { onStack, orthancAuthorization, storeImages } from "./measure/running-stack.mjs";

const SIZE = 512;
/** Of half a megabyte each, in ten studies. */
const INSTANCES = 1_000;
const STUDIES = 10;
const DIFFERENT_IMAGES = 10;
/** The first warms up. */
const ROUNDS = 4;

/**
 * Instances per second at 8 connections into Orthanc with NeuroNova beside it, against the same Orthanc alone, in turns;
 * how many renditions are still to be made when the last is stored, and how long that takes.
 *
 * @returns {Promise<import("./measure/result.mjs").Measurement>}
 */
export async function measure() {
  const slices = await phantomImages({ seed: 8, slices: DIFFERENT_IMAGES, rows: SIZE, columns: SIZE });
  const phantoms = slices.map((image) => ofModality(image, "CT"));
  const directory = mkdtempSync(join(tmpdir(), "neuronova-alone-"));
  const alone = await startOrthancAlone(directory);
  try {
    return await onStack(async (stack, events) => {
      const rounds = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        const images = Array.from({ length: STUDIES }, () => anotherStudy(manyOf(phantoms))).flat();
        const aloneSeconds = await seconds(() => storeImages(alone.orthancUrl, "", images));
        const before = events.heard("instance.rendered");
        const withSeconds = await seconds(() =>
          storeImages(stack.orthancUrl, orthancAuthorization(stack), images),
        );
        const backlog = INSTANCES - (events.heard("instance.rendered") - before);
        const drainSeconds = await seconds(() =>
          events.until("renditions", (heard) => heard("instance.rendered") >= before + INSTANCES, 120),
        );
        if (round > 0) rounds.push({ aloneSeconds, withSeconds, backlog, drainSeconds });
      }
      return {
        metrics: {
          instancesPerSecond: median(rounds.map(({ withSeconds }) => INSTANCES / withSeconds)),
          orthancAloneInstancesPerSecond: median(rounds.map(({ aloneSeconds }) => INSTANCES / aloneSeconds)),
          backlogAtTheEndInstances: median(rounds.map(({ backlog }) => backlog)),
          drainSeconds: median(rounds.map(({ drainSeconds }) => drainSeconds)),
          instances: INSTANCES,
        },
        ratio: median(rounds.map(({ aloneSeconds, withSeconds }) => aloneSeconds / withSeconds)),
        of: "instances/s into Orthanc with NeuroNova over Orthanc alone, 8 connections",
        target: { atLeast: 0.9 },
      };
    });
  } finally {
    await alone.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** As many as are in a study. @param {readonly import("./measure/images.mjs").Image[]} images */
function manyOf(images) {
  return Array.from({ length: INSTANCES / STUDIES / DIFFERENT_IMAGES }, () => images).flat();
}

/** @param {() => Promise<unknown>} work */
async function seconds(work) {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
}
