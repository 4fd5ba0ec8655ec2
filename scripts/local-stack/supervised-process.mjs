import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { readLogTail } from "./log-tail.mjs";
import { afterDeath } from "./restart-policy.mjs";
import { waitUntil } from "./wait-until.mjs";

/**
 * @typedef {object} ProcessDefinition
 * @property {string} name
 * @property {string} command
 * @property {readonly string[]} args
 * @property {Readonly<Record<string, string>>} [environment] added to the little every process gets
 * @property {string} directory         working directory
 * @property {number} readyWithinSeconds
 * @property {() => Promise<boolean>} isReady one probe; an error counts as "not yet"
 * @property {() => Promise<void> | void} [beforeStart] runs before each start, also before a restart
 * @property {NodeJS.Signals} [stopSignal]  SIGTERM unless told
 * @property {number} [stopWithinSeconds] then SIGKILL; 15 unless told
 * @property {NodeJS.Signals} [orphanSignal] what the kernel sends when we die first; SIGKILL unless told
 */

/** One child process that is started again when it dies, until it dies too often. */
export class SupervisedProcess {
  /** @type {import("node:child_process").ChildProcess | undefined} */
  #child;
  /** @type {NodeJS.Timeout | undefined} */
  #restartTimer;
  /** @type {number[]} */
  #deaths = [];
  #isWanted = false;
  #hasGivenUp = false;

  /**
   * @param {ProcessDefinition} definition
   * @param {{ logs: string, onGivenUp: (reason: string) => void }} surroundings
   */
  constructor(definition, { logs, onGivenUp }) {
    this.definition = definition;
    this.name = definition.name;
    this.logFile = join(logs, `${definition.name}.log`);
    this.restarts = 0;
    this.onGivenUp = onGivenUp;
  }

  /** @returns {number | undefined} undefined while no process lives */
  get pid() {
    return this.#child?.pid;
  }

  /** Starts the process and waits until it is ready. */
  async start() {
    if (this.#isWanted) return this.waitUntilReady();
    this.#isWanted = true;
    this.#hasGivenUp = false;
    this.#deaths = [];
    await this.#spawn();
    await this.waitUntilReady();
  }

  /**
   * Ends the process for good: asks first, kills after a while; or kills at once what nobody needs afterwards.
   *
   * @param {{ atOnce?: boolean }} [options]
   */
  async stop({ atOnce = false } = {}) {
    this.#isWanted = false;
    clearTimeout(this.#restartTimer);
    const child = this.#child;
    if (!child) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    if (atOnce) this.kill("SIGKILL");
    else child.kill(this.definition.stopSignal ?? "SIGTERM");
    const killTimer = setTimeout(
      () => this.kill("SIGKILL"),
      (this.definition.stopWithinSeconds ?? 15) * 1000,
    );
    await ended;
    clearTimeout(killTimer);
  }

  /**
   * Sends a signal to the process and to those it started; the supervision goes on, so a killed
   * process comes back.
   *
   * @param {NodeJS.Signals} [signal]
   */
  kill(signal = "SIGKILL") {
    const pid = this.pid;
    if (pid === undefined) return;
    if (signal === "SIGKILL") killGroup(pid);
    else process.kill(pid, signal);
  }

  /** @param {{ deadlineSeconds?: number }} [options] */
  async waitUntilReady({ deadlineSeconds = this.definition.readyWithinSeconds } = {}) {
    try {
      await waitUntil(
        async () => {
          if (this.#hasGivenUp) return true;
          return this.pid !== undefined && (await this.definition.isReady());
        },
        { deadlineSeconds, description: `${this.name} ready` },
      );
    } catch (error) {
      throw new Error(`${message(error)}${this.#logQuote()}`, { cause: error });
    }
    if (this.#hasGivenUp) throw new Error(this.#givenUpReason());
  }

  async #spawn() {
    await this.definition.beforeStart?.();
    if (!this.#isWanted) return;
    const { command, args, environment, directory, orphanSignal = "SIGKILL" } = this.definition;
    const log = openSync(this.logFile, "a", 0o600);
    const child = spawn("setpriv", ["--pdeathsig", orphanSignal.replace("SIG", ""), "--", command, ...args], {
      cwd: directory,
      env: { ...baseEnvironment(), ...environment },
      stdio: ["ignore", log, log],
      // Its own process group: Ctrl-C reaches only us, and we end it in order.
      detached: true,
    });
    closeSync(log);
    this.#child = child;
    child.once("error", (error) => this.#died(child, error.message));
    child.once("exit", (code, signal) => this.#died(child, signal ?? `exit status ${code}`));
  }

  /**
   * @param {import("node:child_process").ChildProcess} child
   * @param {string} how
   */
  #died(child, how) {
    if (this.#child !== child) return;
    this.#child = undefined;
    // Its children (nginx's workers) would keep its ports.
    if (child.pid !== undefined) killGroup(child.pid);
    if (!this.#isWanted) return;
    this.lastDeath = how;
    this.#deaths.push(performance.now());
    const decision = afterDeath(this.#deaths);
    if ("giveUp" in decision) {
      this.#isWanted = false;
      this.#hasGivenUp = true;
      this.onGivenUp(this.#givenUpReason());
      return;
    }
    this.#restartTimer = setTimeout(() => {
      this.restarts++;
      this.#spawn().catch((error) => this.onGivenUp(`${this.name} can't be started: ${message(error)}`));
    }, decision.restartAfterMilliseconds);
  }

  #givenUpReason() {
    return `${this.name} died too often (last: ${this.lastDeath})${this.#logQuote()}`;
  }

  #logQuote() {
    return `\nThe end of ${this.logFile}:\n${readLogTail(this.logFile)}`;
  }
}

/** Nothing of our own environment reaches the servers but what every program needs. */
function baseEnvironment() {
  return {
    PATH: `${process.env["PATH"] ?? ""}:/usr/sbin:/sbin`,
    HOME: process.env["HOME"] ?? "/",
    LANG: "C.UTF-8",
    TZ: process.env["TZ"] ?? "",
  };
}

/** @param {number} pid the leader of the group */
function killGroup(pid) {
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== "ESRCH") throw error;
  }
}

/** @param {unknown} error */
function message(error) {
  return error instanceof Error ? error.message : String(error);
}
