import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { repositoryRoot } from "../local-stack/repository.mjs";

const REQUIREMENTS = fileURLToPath(new URL("requirements-highdicom.txt", import.meta.url));

/** A Python environment of its own, beside Debian's: highdicom is not among Debian's packages. */
const environment = join(repositoryRoot, ".local/highdicom");
/** The interpreter that has highdicom. */
export const highdicomPython = join(environment, "bin/python");

/**
 * Installs highdicom for the tests, in the versions that are written down.
 *
 * @returns {string | undefined} why it is not there
 */
export function installHighdicom() {
  const wanted = readFileSync(REQUIREMENTS, "utf8");
  const stamp = join(environment, "requirements");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return undefined;
  console.log("Installing highdicom for the tests");
  rmSync(environment, { recursive: true, force: true });
  mkdirSync(join(repositoryRoot, ".local"), { recursive: true });
  const made = spawnSync("/usr/bin/python3", ["-m", "venv", environment], { encoding: "utf8" });
  if (made.status !== 0) return `no virtual environment: ${made.stdout}${made.stderr}`;
  const options = ["--quiet", "--disable-pip-version-check", "--only-binary", ":all:", "--no-deps"];
  const installed = spawnSync(highdicomPython, ["-m", "pip", "install", ...options, "-r", REQUIREMENTS], {
    encoding: "utf8",
  });
  if (installed.status !== 0) return `pip: ${installed.stderr}`;
  writeFileSync(`${stamp}.new`, wanted);
  renameSync(`${stamp}.new`, stamp);
  return undefined;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const reason = installHighdicom();
  if (reason !== undefined) {
    console.error(`highdicom cannot be installed: ${reason}`);
    process.exitCode = 1;
  }
}
