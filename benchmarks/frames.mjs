import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { phantomImages } from "./measure/images.mjs";
import { median } from "./measure/result.mjs";
import { wrkLoad, wrkTarget } from "./measure/wrk-load.mjs";
import { onStack, orthancAuthorization, storeImages } from "./measure/running-stack.mjs";

const SIZE = 512;
const ROUNDS = 3;
const SECONDS = 5;
/** Twelve at most are in the memory cache of the second stack: asked for in turn, none is there when its turn comes. */
const BEYOND = { images: 60, cacheMegabytes: 2 };
const HTJ2K = "multipart/related; type=application/octet-stream; transfer-syntax=*";
const NATIVE = "multipart/related; type=application/octet-stream";

/**
 * Authorised HTJ2K frames through nginx against Orthanc's own DICOMweb frames, direct and with nothing asked but its
 * password: frames per second at 8 connections, the median time of a frame at one, and the size of a frame. The same
 * again (`beyondCache`) with more frames than the memory cache holds.
 *
 * @returns {Promise<import("./measure/result.mjs").Measurement>}
 */
export async function measure() {
  const within = await compare(10, {}, true);
  const beyond = await compare(
    BEYOND.images,
    { NEURONOVA_FRAME_CACHE_MEGABYTES: String(BEYOND.cacheMegabytes) },
    false,
  );
  return {
    metrics: {
      framesPerSecond: within.ours,
      orthancFramesPerSecond: within.orthanc,
      p50Milliseconds: within.p50,
      orthancP50Milliseconds: within.orthancP50,
      p50Ratio: within.p50Ratio,
      bytesPerFrame: within.bytes,
      orthancBytesPerFrame: within.orthancBytes,
      bytesRatio: within.bytes / within.orthancBytes,
      beyondCacheFramesPerSecond: beyond.ours,
      beyondCacheOrthancFramesPerSecond: beyond.orthanc,
      beyondCacheRatio: beyond.ratio,
    },
    ratio: within.ratio,
    of: "frames/s, ours authorised through nginx over Orthanc DICOMweb direct, 8 connections",
    target: { atLeast: 4 },
  };
}

/**
 * @param {number} count
 * @param {Readonly<Record<string, string>>} settings
 * @param {boolean} alone whether one connection is measured too
 */
async function compare(count, settings, alone) {
  const images = await phantomImages({ seed: 6, slices: count, rows: SIZE, columns: SIZE });
  return onStack(
    async (stack, events, token) => {
      await storeImages(stack.orthancUrl, orthancAuthorization(stack), images);
      await events.until("renditions", (heard) => heard("instance.rendered") >= count, 300);
      const paths = images.map(
        ({ studyInstanceUid, seriesInstanceUid, sopInstanceUid }) =>
          `/dicom-web/studies/${studyInstanceUid}/series/${seriesInstanceUid}/instances/${sopInstanceUid}/frames/1`,
      );
      const directory = mkdtempSync(join(tmpdir(), "neuronova-wrk-"));
      const asked = {
        ours: { Authorization: `Bearer ${token}`, Accept: HTJ2K },
        orthanc: { Authorization: orthancAuthorization(stack), Accept: NATIVE },
      };
      try {
        const ours = wrkTarget(directory, "ours", stack.address, { paths, headers: asked.ours });
        const orthanc = wrkTarget(directory, "orthanc", stack.orthancUrl, { paths, headers: asked.orthanc });
        const rounds = [];
        for (let round = 0; round < ROUNDS; round += 1) {
          rounds.push({
            ours: wrkLoad(ours, { connections: 8, seconds: SECONDS }).perSecond,
            orthanc: wrkLoad(orthanc, { connections: 8, seconds: SECONDS }).perSecond,
            p50: alone ? wrkLoad(ours, { connections: 1, seconds: SECONDS }).p50 : 0,
            orthancP50: alone ? wrkLoad(orthanc, { connections: 1, seconds: SECONDS }).p50 : 0,
          });
        }
        return {
          ours: median(rounds.map((round) => round.ours)),
          orthanc: median(rounds.map((round) => round.orthanc)),
          ratio: median(rounds.map((round) => round.ours / round.orthanc)),
          p50: median(rounds.map((round) => round.p50)),
          orthancP50: median(rounds.map((round) => round.orthancP50)),
          p50Ratio: median(rounds.map((round) => round.p50 / round.orthancP50)),
          bytes: await bytesPerFrame(stack.address, paths, asked.ours),
          orthancBytes: await bytesPerFrame(stack.orthancUrl, paths, asked.orthanc),
        };
      } finally {
        rmSync(directory, { recursive: true, force: true });
      }
    },
    undefined,
    settings,
  );
}

/**
 * @param {string} address
 * @param {readonly string[]} paths
 * @param {Readonly<Record<string, string>>} headers
 */
async function bytesPerFrame(address, paths, headers) {
  let bytes = 0;
  for (const path of paths)
    bytes += (await (await fetch(address + path, { headers })).arrayBuffer()).byteLength;
  return Math.round(bytes / paths.length);
}
