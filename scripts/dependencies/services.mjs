import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { repositoryRoot } from "../local-stack/repository.mjs";

/** @typedef {import("./modules.mjs").Graph} Graph */

/** @returns {[string, { depends_on?: Record<string, unknown>, environment?: Record<string, string> }][]} */
function services() {
  return Object.entries(
    parse(readFileSync(join(repositoryRoot, "compose.yaml"), "utf8"), { merge: true }).services,
  );
}

/**
 * What each service of `compose.yaml` waits for before it starts.
 * @returns {Graph}
 */
export function startOrder() {
  return new Map(services().map(([name, { depends_on: needs = {} }]) => [name, new Set(Object.keys(needs))]));
}

/**
 * Which service is given the address of which other: whom it calls. nginx, whose upstreams are its own file, is left out.
 * @returns {Graph}
 */
export function calls() {
  const names = services().map(([name]) => name);
  return new Map(
    services().map(([name, { environment = {} }]) => {
      const hosts = Object.values(environment).flatMap((value) => {
        const [, host = ""] = /^[a-z]+:\/\/(?:[^@/]*@)?([^:/]+)/.exec(String(value)) ?? [];
        return names.includes(host) && host !== name ? [host] : [];
      });
      return [name, new Set(hosts)];
    }),
  );
}
