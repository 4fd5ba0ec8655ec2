import { randomBytes } from "node:crypto";
import { createServer } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { median, percentile } from "./measure/result.mjs";
import { onStack } from "./measure/running-stack.mjs";

const PATIENTS = 200;
/** Somebody who saves patients one after the other does other things too; what a save sets off is done meanwhile. */
const BETWEEN_SAVES_MILLISECONDS = 100;
/** Requirement: a call behind an open breaker is answered within this. */
const LIMIT_MILLISECONDS = 50;
const WAIT_SECONDS = 3;

/** @typedef {import("../scripts/local-stack/start-stack.mjs").Stack} Stack */

/**
 * How long somebody who saves a patient waits while OpenEMR takes connections and says nothing: before the breaker opens,
 * and behind the open breaker, where nothing may be lost.
 *
 * @returns {Promise<import("./measure/result.mjs").Measurement>}
 */
export async function measure() {
  const silent = createServer(() => undefined);
  await new Promise((resolve) => silent.listen(0, "127.0.0.1", () => resolve(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (silent.address());
  const key = randomBytes(32).toString("base64url");
  try {
    return await onStack(
      async (stack, _events, token) => {
        await keepToken(stack, key);
        const save = (/** @type {number} */ number) => savePatient(stack, token, number);
        const closed = [];
        let number = 0;
        while (!(await isOpen(stack))) closed.push(await save((number += 1)));
        const open = [];
        const backToBack = [];
        for (let saved = 0; saved < PATIENTS; saved += 1) {
          open.push(await save((number += 1)));
          await pause(BETWEEN_SAVES_MILLISECONDS);
        }
        for (let saved = 0; saved < PATIENTS; saved += 1) backToBack.push(await save((number += 1)));
        if (!(await isOpen(stack))) throw new Error("the breaker did not stay open");
        return {
          metrics: {
            patients: PATIENTS,
            p50Milliseconds: median(open),
            p95Milliseconds: percentile(open, 0.95),
            p99Milliseconds: percentile(open, 0.99),
            maxMilliseconds: Math.max(...open),
            backToBackP50Milliseconds: median(backToBack),
            backToBackP95Milliseconds: percentile(backToBack, 0.95),
            savesThatWaited: closed.filter((milliseconds) => milliseconds > (WAIT_SECONDS * 1_000) / 2)
              .length,
            longestWaitMilliseconds: Math.max(...closed),
            waitingForOpenEmr: await waiting(stack, token),
          },
          ratio: percentile(open, 0.95) / LIMIT_MILLISECONDS,
          of: "p95 of saving a patient while OpenEMR is silent and its breaker open, over 50 ms",
          target: { atMost: 1 },
        };
      },
      undefined,
      {
        NEURONOVA_OPENEMR_URL: `http://127.0.0.1:${port}`,
        NEURONOVA_OPENEMR_CLIENT_ID: "benchmark",
        NEURONOVA_OPENEMR_TOKEN_KEY: key,
        NEURONOVA_OPENEMR_ISSUER: "HOSPITAL",
        NEURONOVA_OPENEMR_WAIT_SECONDS: String(WAIT_SECONDS),
        NEURONOVA_OPENEMR_PULL_SECONDS: "0",
      },
    );
  } finally {
    silent.close();
  }
}

/**
 * A token, as `neuronova openemr connect` would have left it: without one nothing would be asked of OpenEMR.
 *
 * @param {Stack} stack
 * @param {string} key
 */
async function keepToken(stack, key) {
  const adapters = new URL("../sidecar/dist/adapters/mysql/", import.meta.url);
  const { connect } = await import(new URL("connection.js", adapters).href);
  const { MySqlOpenEmrTokens } = await import(new URL("mysql-openemr-tokens.js", adapters).href);
  const database = connect({ url: stack.databaseUrl, poolSize: 1 });
  const usableUntil = new Date(Date.now() + 3_600_000);
  await new MySqlOpenEmrTokens(database, key).replace(() =>
    Promise.resolve({ refreshToken: "refresh", accessToken: "access", usableUntil }),
  );
  await database.close();
}

/**
 * @param {Stack} stack
 * @param {string} token
 * @param {number} number
 * @returns {Promise<number>} milliseconds
 */
async function savePatient(stack, token, number) {
  const began = performance.now();
  const answer = await fetch(`${stack.address}/api/emr/patients`, {
    method: "POST",
    headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
    body: JSON.stringify({
      identifiers: [{ issuer: "HOSPITAL", value: `BENCH-${number}` }],
      name: { alphabetic: { family: `Bench${number}`, given: "Mark" } },
      birthDate: "1970-01-01",
      sex: "other",
    }),
  });
  const { degraded } = /** @type {{ degraded?: string }} */ (await answer.json());
  if (answer.status !== 201 || degraded !== "will synchronise")
    throw new Error(`saving was answered ${answer.status}, ${degraded ?? "not degraded"}`);
  return performance.now() - began;
}

/** @param {Stack} stack */
async function isOpen(stack) {
  const answer = await fetch(`${stack.address}/api/health/ready`);
  const { breakers } = /** @type {{ breakers: Record<string, string> }} */ (await answer.json());
  return breakers["openemr"] === "open";
}

/**
 * @param {Stack} stack
 * @param {string} token
 * @returns {Promise<number>} messages
 */
async function waiting(stack, token) {
  const answer = await fetch(`${stack.address}/api/outbox`, {
    headers: { Authorization: `Bearer ${token}` },
  });
  const body = /** @type {any} */ (await answer.json());
  const found = body.destinations.find(
    (/** @type {{ destination: string }} */ { destination }) => destination === "openemr",
  );
  return found.pending;
}
