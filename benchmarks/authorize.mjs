import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cpuSeconds } from "./measure/cpu-seconds.mjs";
import { phantomImages } from "./measure/images.mjs";
import { median } from "./measure/result.mjs";
import { onStack, orthancAuthorization, storeImages } from "./measure/running-stack.mjs";
import { serveUnguarded } from "./measure/unguarded-frames.mjs";
import { wrkLoad, wrkTarget } from "./measure/wrk-load.mjs";

const SIZE = 512;
const IMAGES = 10;
const ROUNDS = 3;
const SECONDS = 2;
const CONNECTIONS = 8;
/** The limit of a user is for programs gone wild, such as this one. */
const UNLIMITED = { NEURONOVA_REQUESTS_PER_MINUTE: "100000000" };
const VALIDATE = "/internal/orthanc-authorization/tokens/validate";

/**
 * What deciding costs: frames with and without authorization (token, decision and audit), by the same code; and how many
 * questions of Orthanc's authorization plugin are answered, on kept connections and on a new one for each.
 *
 * @returns {Promise<import("./measure/result.mjs").Measurement>}
 */
export async function measure() {
  const images = await phantomImages({ seed: 7, slices: IMAGES, rows: SIZE, columns: SIZE });
  return onStack(
    async (stack, events, token) => {
      await storeImages(stack.orthancUrl, orthancAuthorization(stack), images);
      await events.until("renditions", (heard) => heard("instance.rendered") >= IMAGES, 120);
      const directory = mkdtempSync(join(tmpdir(), "neuronova-wrk-"));
      const unguarded = await serveUnguarded({
        orthancUrl: stack.orthancUrl,
        orthancPassword: stack.secrets.orthancPassword,
        images: await storedImages(stack, images),
      });
      try {
        const sidecar = `http://127.0.0.1:${stack.ports.sidecar[0]}`;
        const pid = stack.processes["sidecar-api"]?.pid ?? 0;
        const paths = images.map(
          ({ studyInstanceUid, seriesInstanceUid, sopInstanceUid }) =>
            `/dicom-web/studies/${studyInstanceUid}/series/${seriesInstanceUid}/instances/${sopInstanceUid}/frames/1`,
        );
        const headers = {
          Authorization: `Bearer ${token}`,
          Accept: "multipart/related; type=application/octet-stream; transfer-syntax=*",
        };
        const guardedFrames = wrkTarget(directory, "guarded", sidecar, { paths, headers });
        const unguardedFrames = wrkTarget(directory, "unguarded", unguarded.address, { paths, headers });
        const study = images[0]?.studyInstanceUid ?? "";
        const question = (/** @type {string} */ value) =>
          JSON.stringify({
            method: "get",
            level: "study",
            "dicom-uid": study,
            "token-key": "token",
            "token-value": value,
          });
        const stranger = await logInAs(stack, token, "stranger");
        const credentials = Buffer.from(`orthanc:${stack.secrets.arrivalSecret}`).toString("base64");
        const asked = (
          /** @type {string} */ name,
          /** @type {string} */ body,
          /** @type {object} */ more = {},
        ) =>
          wrkTarget(directory, name, sidecar, {
            method: "POST",
            paths: [VALIDATE],
            headers: { Authorization: `Basic ${credentials}`, "Content-Type": "application/json", ...more },
            body,
          });
        const granted = asked("granted", question(token));
        const forged = asked("forged", question(`${token.slice(0, -4)}AAAA`));
        const denied = asked("denied", question(stranger));
        const reconnecting = asked("reconnecting", question(token), { Connection: "close" });
        const orthanc = (/** @type {string} */ name, /** @type {string} */ authorization) =>
          wrkTarget(directory, name, stack.orthancUrl, {
            paths: ["/system"],
            headers: { Authorization: authorization },
          });
        const filtered = orthanc("filtered", `Bearer ${token}`);
        const unfiltered = orthanc("unfiltered", orthancAuthorization(stack));
        const alone = { connections: 1, seconds: SECONDS };
        const load = { connections: CONNECTIONS, seconds: SECONDS };
        const perCore = (/** @type {import("./measure/wrk-load.mjs").WrkTarget} */ target) => {
          const before = cpuSeconds([pid]);
          const result = wrkLoad(target, load);
          return { ...result, perCoreSecond: result.requests / (cpuSeconds([pid]) - before) };
        };
        const rounds = [];
        for (let round = 0; round <= ROUNDS; round += 1) {
          const measured = {
            with: wrkLoad(guardedFrames, load),
            without: wrkLoad(unguardedFrames, load),
            granted: perCore(granted),
            denied: perCore(denied),
            forged: perCore(forged),
            reconnecting: perCore(reconnecting),
            filtered: wrkLoad(filtered, alone),
            unfiltered: wrkLoad(unfiltered, alone),
          };
          // The first round warms up.
          if (round > 0) rounds.push(measured);
        }
        return {
          metrics: {
            framesPerSecondWith: median(rounds.map((round) => round.with.perSecond)),
            framesPerSecondWithout: median(rounds.map((round) => round.without.perSecond)),
            validationsPerSecondPerCore: median(rounds.map((round) => round.granted.perCoreSecond)),
            validationP99Milliseconds: median(rounds.map((round) => round.granted.p99)),
            denialsPerSecondPerCore: median(rounds.map((round) => round.denied.perCoreSecond)),
            validationsOnNewConnectionsPerSecondPerCore: median(
              rounds.map((round) => round.reconnecting.perCoreSecond),
            ),
            luaFilterAddsMilliseconds: median(
              rounds.map((round) => round.filtered.p50 - round.unfiltered.p50),
            ),
            forgeriesPerSecondPerCore: median(rounds.map((round) => round.forged.perCoreSecond)),
            denialRatio: median(
              rounds.map((round) => round.denied.perCoreSecond / round.granted.perCoreSecond),
            ),
          },
          ratio: median(rounds.map((round) => round.with.perSecond / round.without.perSecond)),
          of: "frames/s of the sidecar with authorization over without, 8 connections",
          target: { atLeast: 0.8 },
        };
      } finally {
        unguarded.stop();
        rmSync(directory, { recursive: true, force: true });
      }
    },
    undefined,
    UNLIMITED,
  );
}

/**
 * Somebody who reaches no study, so that each answer is a denial.
 *
 * @param {import("../scripts/local-stack/start-stack.mjs").Stack} stack
 * @param {string} adminToken
 * @param {string} username
 */
async function logInAs(stack, adminToken, username) {
  const post = async (/** @type {string} */ path, /** @type {object} */ body) => {
    const response = await fetch(stack.address + path, {
      method: "POST",
      headers: { Authorization: `Bearer ${adminToken}`, "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${path} answered ${response.status}`);
    return response.json();
  };
  const password = randomBytes(24).toString("base64url");
  await post("/api/accounts", { username, password, role: "external", labels: ["nowhere"] });
  const login = await post("/api/auth/login", { username, password, refreshTokenIn: "body" });
  return /** @type {{ accessToken: string }} */ (login).accessToken;
}

/**
 * @param {import("../scripts/local-stack/start-stack.mjs").Stack} stack
 * @param {readonly import("./measure/images.mjs").Image[]} images
 */
async function storedImages(stack, images) {
  const headers = { Authorization: orthancAuthorization(stack) };
  const entries = images.map(async ({ sopInstanceUid }) => {
    const query = { Level: "Instance", Query: { SOPInstanceUID: sopInstanceUid }, Expand: true };
    const response = await fetch(`${stack.orthancUrl}/tools/find`, {
      method: "POST",
      headers,
      body: JSON.stringify(query),
    });
    const [found] = /** @type {{ ID: string, FileUuid: string }[]} */ (await response.json());
    return [sopInstanceUid, { orthancId: found?.ID ?? "", fileUuid: found?.FileUuid ?? "" }];
  });
  return Object.fromEntries(await Promise.all(entries));
}
