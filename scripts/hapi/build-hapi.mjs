import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { repositoryRoot } from "../local-stack/repository.mjs";
import { hashOf } from "../setup/build.mjs";

const SOURCES = join(repositoryRoot, "scripts/hapi");
/** Kept between runs, not in the repository: the server and what it is made of, some 300 MB. */
const BUILT = join(repositoryRoot, ".local/hapi");
const STAMP = join(BUILT, "source-hash");
const UNAVAILABLE = join(BUILT, "unavailable.txt");
const BUILD_MINUTES = 10;

/** Where Java finds the server that buildHapi built. */
export const HAPI_CLASS_PATH = `${join(BUILT, "classes")}:${join(BUILT, "dependency/*")}`;

/**
 * Builds the HAPI FHIR server the conformance tests write to, with Maven. A machine on which that can't be done is told
 * so, and the tests on HAPI do not run there: {@link hapiUnavailable}.
 */
export function buildHapi() {
  const hash = hashOf(SOURCES, ["pom.xml", "src"]);
  if (existsSync(STAMP) && readFileSync(STAMP, "utf8") === hash) return;
  console.log("Building the HAPI FHIR test server (Maven)");
  rmSync(BUILT, { recursive: true, force: true });
  mkdirSync(BUILT, { recursive: true });
  const { status, stdout, stderr, error } = spawnSync(
    "mvn",
    ["-q", "-B", `-Doutput=${BUILT}`, "compile", "dependency:copy-dependencies"],
    { cwd: SOURCES, encoding: "utf8", timeout: BUILD_MINUTES * 60_000 },
  );
  if (status === 0) {
    writeFileSync(STAMP, hash);
    return;
  }
  const output = `${stdout ?? ""}${stderr ?? ""}`.split("\n").filter((line) => line.includes("ERROR"));
  writeFileSync(UNAVAILABLE, error?.message ?? output[0] ?? `Maven ended with status ${status}`);
}

/** @returns {string | undefined} why there is no HAPI server on this machine; undefined when there is one */
export function hapiUnavailable() {
  if (existsSync(STAMP)) return undefined;
  return existsSync(UNAVAILABLE)
    ? readFileSync(UNAVAILABLE, "utf8")
    : "it was not built: node scripts/test.mjs builds it";
}
