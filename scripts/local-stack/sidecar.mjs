import { join } from "node:path";
import { repositoryRoot } from "./repository.mjs";

export const ALL_ROLES = /** @type {const} */ (["api", "transcoding", "inference", "delivery"]);

/** @typedef {typeof ALL_ROLES[number]} Role */

/**
 * One sidecar process with some of the roles.
 *
 * @param {import("./stack-directory.mjs").StackDirectory} layout
 * @param {{ name: string, roles: readonly Role[], port: number, environment: Readonly<Record<string, string>> }} settings
 * @returns {import("./supervised-process.mjs").ProcessDefinition}
 */
export function sidecarProcess(layout, { name, roles, port, environment }) {
  return {
    name,
    command: process.execPath,
    args: ["--single-threaded-gc", "--max-semi-space-size=16", join(repositoryRoot, "sidecar/dist/main.js")],
    environment: {
      ...environment,
      NEURONOVA_ROLES: roles.join(","),
      NEURONOVA_LISTEN_PORT: String(port),
    },
    directory: layout.run,
    readyWithinSeconds: 90,
    isReady: async () => {
      const response = await fetch(`http://127.0.0.1:${port}/api/health/ready`, {
        signal: AbortSignal.timeout(3000),
      });
      const report = await response.text();
      if (!response.ok) throw new Error(`Not ready: ${report}`);
      return true;
    },
  };
}

/**
 * @param {readonly (readonly Role[])[]} processes
 * @returns {string[]} "sidecar" for a process with all roles, else "sidecar-" and its roles; a second one like another
 *   has "-2" behind it
 */
export function sidecarNames(processes) {
  const names = processes.map((roles) =>
    roles.length === ALL_ROLES.length ? "sidecar" : `sidecar-${roles.join("-")}`,
  );
  return names.map((name, index) => {
    const before = names.slice(0, index).filter((other) => other === name).length;
    return before === 0 ? name : `${name}-${before + 1}`;
  });
}
