import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { phantomImages } from "./measure/images.mjs";
import { median } from "./measure/result.mjs";
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
    await storeImages(stack, images);
    await events.until("renditions", (heard) => heard("instance.rendered") >= IMAGES, 120);
    const paths = images.map(
      ({ studyInstanceUid, seriesInstanceUid, sopInstanceUid }) =>
        `/dicom-web/studies/${studyInstanceUid}/series/${seriesInstanceUid}/instances/${sopInstanceUid}/frames/1`,
    );
    const directory = mkdtempSync(join(tmpdir(), "neuronova-wrk-"));
    try {
      const ours = target(directory, "ours", stack.address, paths, {
        Authorization: `Bearer ${token}`,
        Accept: "multipart/related; type=application/octet-stream; transfer-syntax=*",
      });
      const orthanc = target(directory, "orthanc", stack.orthancUrl, paths, {
        Authorization: orthancAuthorization(stack),
        Accept: "multipart/related; type=application/octet-stream",
      });
      const rounds = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        rounds.push({
          ours: load(ours, 8),
          orthanc: load(orthanc, 8),
          oursAlone: load(ours, 1),
          orthancAlone: load(orthanc, 1),
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

/**
 * @param {string} directory
 * @param {string} name
 * @param {string} address
 * @param {readonly string[]} paths
 * @param {Readonly<Record<string, string>>} headers
 */
function target(directory, name, address, paths, headers) {
  const script = join(directory, `${name}.lua`);
  const lines = [
    `local paths = {${paths.map((path) => JSON.stringify(path)).join(",")}}`,
    "local next = 0",
    ...Object.entries(headers).map(
      ([header, value]) => `wrk.headers[${JSON.stringify(header)}] = ${JSON.stringify(value)}`,
    ),
    "request = function() next = next % #paths + 1; return wrk.format('GET', paths[next]) end",
    "done = function(summary) io.write('failed ' .. summary.errors.status .. '\\n') end",
  ];
  writeFileSync(script, lines.join("\n"), { mode: 0o600 });
  return { script, address };
}

/**
 * @param {{ script: string, address: string }} target
 * @param {number} connections
 * @returns {{ perSecond: number, p50: number }} p50 in milliseconds
 */
function load({ script, address }, connections) {
  const output = execFileSync(
    "wrk",
    ["-t1", `-c${connections}`, `-d${SECONDS}s`, "--latency", "-s", script, address],
    { encoding: "utf8" },
  );
  if (!/failed 0\b/.test(output)) throw new Error(`not every frame was answered:\n${output}`);
  const perSecond = Number(/Requests\/sec:\s+([\d.]+)/.exec(output)?.[1]);
  const [, p50 = "", unit = ""] = /50%\s+([\d.]+)(us|ms|s)/.exec(output) ?? [];
  return {
    perSecond,
    p50: Number(p50) * { us: 0.001, ms: 1, s: 1000 }[/** @type {"us" | "ms" | "s"} */ (unit)],
  };
}
