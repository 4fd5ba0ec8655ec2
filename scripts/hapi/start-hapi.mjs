import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { HAPI_CLASS_PATH } from "./build-hapi.mjs";

const START_SECONDS = 150;

/**
 * Starts the HAPI FHIR server on a free port of the loopback address, its database in memory: each has its own, empty.
 *
 * @returns {Promise<{ url: string, stop: () => Promise<void> }>}
 * @throws Error with what it printed when it does not start
 */
export async function startHapi() {
  // One compiler and one collector: half of the time to start, on two cores shared with the tests.
  const child = spawn(
    "java",
    [
      "-Xmx1400m",
      "-XX:+UseSerialGC",
      "-XX:TieredStopAtLevel=1",
      "-cp",
      HAPI_CLASS_PATH,
      "neuronova.hapi.Main",
      "0",
    ],
    { stdio: ["ignore", "pipe", "pipe"] },
  );
  // The tests' process may be killed: this one does not outlive it.
  const end = () => void child.kill("SIGKILL");
  process.once("exit", end);
  let printed = "";
  child.stderr.setEncoding("utf8").on("data", (text) => (printed = (printed + text).slice(-4000)));
  const ended = new Promise((resolve) => child.once("close", resolve));
  /** @type {number} */
  const port = await new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      end();
      reject(new Error(`HAPI did not start within ${START_SECONDS} s:\n${printed}`));
    }, START_SECONDS * 1000);
    child.once("error", reject);
    void ended.then(() => reject(new Error(`HAPI ended:\n${printed}`)));
    createInterface({ input: child.stdout }).on("line", (line) => {
      const [, found] = /^listening on (\d+)$/.exec(line) ?? [];
      if (found === undefined) return;
      clearTimeout(timer);
      resolve(Number(found));
    });
  });
  return {
    url: `http://127.0.0.1:${port}/fhir`,
    stop: async () => {
      process.removeListener("exit", end);
      child.kill("SIGTERM");
      await ended;
    },
  };
}
