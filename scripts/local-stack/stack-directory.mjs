import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
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
  const root = resolve(directory);
  const run = join(root, "run");
  const short = join(tmpdir(), `neuronova-${createHash("sha256").update(root).digest("hex").slice(0, 16)}`);
  const layout = {
    root,
    data: join(root, "data"),
    secrets: join(root, "secrets"),
    logs: join(root, "logs"),
    run,
    sockets: Buffer.byteLength(run) <= LONGEST_SOCKET_DIRECTORY ? run : short,
  };
  for (const path of Object.values(layout)) mkdirSync(path, { recursive: true, mode: 0o700 });
  return layout;
}

/**
 * @param {string} directory
 * @returns {number | undefined} the process that runs the stack of this directory
 */
export function runningStackPid(directory) {
  let pid, startTime;
  try {
    [pid, startTime] = readFileSync(lockPath(directory), "utf8").trim().split(" ").map(Number);
  } catch {
    return undefined;
  }
  if (pid === undefined || processStartTime(pid) !== startTime) return undefined;
  return pid;
}

/**
 * Takes the directory for this process.
 *
 * @param {string} directory
 * @throws {Error} when another living process runs a stack there
 */
export function lockDirectory(directory) {
  const pid = runningStackPid(directory);
  if (pid !== undefined) throw new Error(`A stack is running already in ${directory} (process ${pid})`);
  writeFileSync(lockPath(directory), `${process.pid} ${processStartTime(process.pid)}\n`);
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
