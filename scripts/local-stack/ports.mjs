import { createServer } from "node:net";
import { randomInt } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";

/** @typedef {{ first: number, last: number }} PortRange */

/** Below the range Linux takes outgoing ports from (32768), so that no client socket sits on one of ours. */
export const ALL_PORTS = { first: 20_000, last: 32_000 };
const LOOPBACK = "127.0.0.1";

/**
 * @param {number} port
 * @returns {Promise<boolean>} whether a server could listen on this loopback port now
 */
export function isPortFree(port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen({ host: LOOPBACK, port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/**
 * @param {ReadonlySet<number>} [taken] ports promised to others already
 * @param {PortRange} [range]
 * @returns {Promise<number>}
 */
export async function chooseFreePort(taken = new Set(), { first, last } = ALL_PORTS) {
  for (let attempt = 0; attempt < 500; attempt++) {
    const port = randomInt(first, last);
    if (!taken.has(port) && (await isPortFree(port))) return port;
  }
  throw new Error(`No free loopback port between ${first} and ${last}`);
}

/**
 * Gives each name a loopback port: the one written in `file` by an earlier start if it is still free,
 * else a new one, remembered there.
 *
 * @param {string} file
 * @param {readonly string[]} names
 * @param {Readonly<Record<string, number>>} [wanted] ports asked for by the caller
 * @param {PortRange} [range] of new ones
 * @returns {Promise<Record<string, number>>}
 * @throws {Error} when a port asked for is taken
 */
export async function rememberPorts(file, names, wanted = {}, range = ALL_PORTS) {
  const remembered = await readPorts(file);
  /** @type {Record<string, number>} */
  const ports = {};
  const taken = new Set(Object.values(wanted));
  for (const name of names) {
    const asked = wanted[name];
    if (asked !== undefined && !(await isPortFree(asked))) {
      throw new Error(`Port ${asked} is taken by another program`);
    }
    const earlier = remembered[name];
    const isEarlierFree = earlier !== undefined && !taken.has(earlier) && (await isPortFree(earlier));
    const port = asked ?? (isEarlierFree ? earlier : await chooseFreePort(taken, range));
    ports[name] = port;
    taken.add(port);
  }
  await writeFile(file, `${JSON.stringify({ ...remembered, ...ports }, null, 2)}\n`);
  return ports;
}

/**
 * @param {string} file
 * @returns {Promise<Record<string, number>>}
 */
async function readPorts(file) {
  try {
    return JSON.parse(await readFile(file, "utf8"));
  } catch {
    return {};
  }
}
