import { createHash } from "node:crypto";
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

/** sun_path holds 108 octets (unix(7)); the longest name we put in a socket directory has 20. */
const LONGEST_SOCKET_DIRECTORY = 85;

/**
 * @typedef {object} StackDirectory
 * @property {string} root
 * @property {string} data     what must survive a restart, one folder per server
 * @property {string} secrets
 * @property {string} logs
 * @property {string} run      generated configuration and temporary files
 * @property {string} sockets  Unix sockets: `run`, or a short path when that one is too long
 */

/**
 * Lays out the private directory of a stack. Only its owner may enter it.
 *
 * @param {string} directory
 * @returns {StackDirectory}
 */
export function layOutDirectory(directory) {
  const layout = layoutOf(directory);
  for (const path of Object.values(layout)) mkdirSync(path, { recursive: true, mode: 0o700 });
  return layout;
}

/**
 * Removes what a stack keeps, and nothing else: what was installed beside it took minutes to fetch.
 *
 * @param {string} directory locked by this process
 */
export function forgetStack(directory) {
  const { root, data, secrets, logs, run, sockets } = layoutOf(directory);
  for (const path of [data, secrets, logs, run, sockets, join(root, "ports.json")])
    rmSync(path, { recursive: true, force: true });
}

/**
 * @param {string} directory
 * @returns {StackDirectory}
 */
function layoutOf(directory) {
  const root = resolve(directory);
  const run = join(root, "run");
  const short = join(tmpdir(), `neuronova-${createHash("sha256").update(root).digest("hex").slice(0, 16)}`);
  return {
    root,
    data: join(root, "data"),
    secrets: join(root, "secrets"),
    logs: join(root, "logs"),
    run,
    sockets: Buffer.byteLength(run) <= LONGEST_SOCKET_DIRECTORY ? run : short,
  };
}

/**
 * @param {string} directory
 * @returns {number | undefined} the process that runs the stack of this directory
 */
export function runningStackPid(directory) {
  return holderOf(lockPath(directory));
}

/**
 * @param {string} lock
 * @returns {number | undefined} the living process that holds it
 */
function holderOf(lock) {
  let pid, startTime;
  try {
    [pid, startTime] = readFileSync(lock, "utf8").trim().split(" ").map(Number);
  } catch {
    return undefined;
  }
  if (pid === undefined || startTime === undefined || processStartTime(pid) !== startTime) return undefined;
  return pid;
}

/**
 * Takes the directory for this process. Of several that begin at once one gets it: the lock comes into being with its
 * content, by a link, which fails where there is one already.
 *
 * @param {string} directory
 * @throws {Error} when another living process runs a stack there
 */
export function lockDirectory(directory) {
  const lock = lockPath(directory);
  const [own, stale] = [`${lock}.${process.pid}`, `${lock}.${process.pid}.stale`];
  writeFileSync(own, `${process.pid} ${processStartTime(process.pid)}\n`);
  try {
    while (!isDone(() => linkSync(own, lock), "EEXIST")) {
      insistOnNobody(directory, holderOf(lock));
      // Of an ended process. Of those that see so one takes it away; who comes too late has taken a new one.
      if (!isDone(() => renameSync(lock, stale), "ENOENT")) continue;
      const overtaken = holderOf(stale);
      if (overtaken !== undefined) isDone(() => linkSync(stale, lock), "EEXIST");
      insistOnNobody(directory, overtaken);
    }
  } finally {
    for (const path of [own, stale]) rmSync(path, { force: true });
  }
}

/**
 * @param {string} directory
 * @param {number | undefined} pid
 */
function insistOnNobody(directory, pid) {
  if (pid !== undefined) throw new Error(`A stack is running already in ${directory} (process ${pid})`);
}

/**
 * @param {() => void} step
 * @param {string} code of the fault that says that another was quicker
 */
function isDone(step, code) {
  try {
    step();
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== code) throw error;
    return false;
  }
}

/** @param {string} directory */
export function unlockDirectory(directory) {
  rmSync(lockPath(directory), { force: true });
}

/** @param {string} directory */
function lockPath(directory) {
  return join(resolve(directory), "stack.lock");
}

/**
 * The start time tells a living process from a later one with the same number (proc(5), field 22).
 *
 * @param {number} pid
 * @returns {number | undefined}
 */
function processStartTime(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const afterName = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return afterName[0] === "Z" ? undefined : Number(afterName[19]);
  } catch {
    return undefined;
  }
}
