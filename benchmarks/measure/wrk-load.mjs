import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** @typedef {{ script: string, address: string }} WrkTarget */

/**
 * What wrk is to ask, over and over.
 *
 * @param {string} directory for the script, which holds credentials
 * @param {string} name
 * @param {string} address
 * @param {{ method?: string, paths: readonly string[], headers: Readonly<Record<string, string>>, body?: string }} request
 * @returns {WrkTarget}
 */
export function wrkTarget(directory, name, address, { method = "GET", paths, headers, body }) {
  const script = join(directory, `${name}.lua`);
  const lines = [
    `local paths = {${paths.map((path) => JSON.stringify(path)).join(",")}}`,
    "local next = 0",
    ...Object.entries(headers).map(
      ([header, value]) => `wrk.headers[${JSON.stringify(header)}] = ${JSON.stringify(value)}`,
    ),
    `local body = ${body === undefined ? "nil" : JSON.stringify(body)}`,
    `request = function() next = next % #paths + 1; return wrk.format('${method}', paths[next], nil, body) end`,
    "done = function(summary) io.write('failed ' .. summary.errors.status .. '\\n') end",
  ];
  writeFileSync(script, lines.join("\n"), { mode: 0o600 });
  return { script, address };
}

/**
 * @param {WrkTarget} target
 * @param {{ connections: number, seconds: number }} load
 * @returns {{ requests: number, perSecond: number, p50: number, p99: number }} times in milliseconds
 */
export function wrkLoad({ script, address }, { connections, seconds }) {
  const output = execFileSync(
    "wrk",
    ["-t1", `-c${connections}`, `-d${seconds}s`, "--latency", "-s", script, address],
    { encoding: "utf8" },
  );
  if (!/failed 0\b/.test(output)) throw new Error(`not every request was answered well:\n${output}`);
  return {
    requests: Number(/(\d+) requests in/.exec(output)?.[1]),
    perSecond: Number(/Requests\/sec:\s+([\d.]+)/.exec(output)?.[1]),
    p50: percentileOf(output, "50"),
    p99: percentileOf(output, "99"),
  };
}

/** @param {string} output @param {string} share */
function percentileOf(output, share) {
  const [, value = "", unit = ""] = new RegExp(`${share}%\\s+([\\d.]+)(us|ms|s)`).exec(output) ?? [];
  return Number(value) * { us: 0.001, ms: 1, s: 1000 }[/** @type {"us" | "ms" | "s"} */ (unit)];
}
