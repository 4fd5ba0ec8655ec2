import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { phantomImages } from "./measure/images.mjs";
import { median } from "./measure/result.mjs";
import { wrkLoad, wrkTarget } from "./measure/wrk-load.mjs";
import { onStack, orthancAuthorization, storeImages } from "./measure/running-stack.mjs";

const SIZE = 512;
const IMAGES = 10;
const ROUNDS = 3;
const SECONDS = 5;

/**
 * Authorised HTJ2K frames through nginx against Orthanc's own DICOMweb frames, direct and with nothing asked but its
 * password: frames per second at 8 connections, and the median time of a frame at one.
 *
 * @returns {Promise<import("./measure/result.mjs").Measurement>}
 */
export async function measure() {
  const images = await phantomImages({ seed: 6, slices: IMAGES, rows: SIZE, columns: SIZE });
  return onStack(async (stack, events, token) => {
    await storeImages(stack.orthancUrl, orthancAuthorization(stack), images);
    await events.until("renditions", (heard) => heard("instance.rendered") >= IMAGES, 120);
    const paths = images.map(
      ({ studyInstanceUid, seriesInstanceUid, sopInstanceUid }) =>
        `/dicom-web/studies/${studyInstanceUid}/series/${seriesInstanceUid}/instances/${sopInstanceUid}/frames/1`,
    );
    const directory = mkdtempSync(join(tmpdir(), "neuronova-wrk-"));
    try {
      const ours = wrkTarget(directory, "ours", stack.address, {
        paths,
        headers: {
          Authorization: `Bearer ${token}`,
          Accept: "multipart/related; type=application/octet-stream; transfer-syntax=*",
        },
      });
      const orthanc = wrkTarget(directory, "orthanc", stack.orthancUrl, {
        paths,
        headers: {
          Authorization: orthancAuthorization(stack),
          Accept: "multipart/related; type=application/octet-stream",
        },
      });
      const rounds = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        rounds.push({
          ours: wrkLoad(ours, { connections: 8, seconds: SECONDS }),
          orthanc: wrkLoad(orthanc, { connections: 8, seconds: SECONDS }),
          oursAlone: wrkLoad(ours, { connections: 1, seconds: SECONDS }),
          orthancAlone: wrkLoad(orthanc, { connections: 1, seconds: SECONDS }),
        });
      }
      return {
        metrics: {
          framesPerSecond: median(rounds.map((round) => round.ours.perSecond)),
          orthancFramesPerSecond: median(rounds.map((round) => round.orthanc.perSecond)),
          p50Milliseconds: median(rounds.map((round) => round.oursAlone.p50)),
          orthancP50Milliseconds: median(rounds.map((round) => round.orthancAlone.p50)),
          p50Ratio: median(rounds.map((round) => round.oursAlone.p50 / round.orthancAlone.p50)),
        },
        ratio: median(rounds.map((round) => round.ours.perSecond / round.orthanc.perSecond)),
        of: "frames/s, ours authorised through nginx over Orthanc DICOMweb direct, 8 connections",
        target: { atLeast: 3 },
      };
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });
}
