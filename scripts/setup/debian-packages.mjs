import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What the local stack runs on, and what loads its demo study (dcmtk). gcc builds the loopback shim. */
export const STACK_PACKAGES = [
  "orthanc",
  "orthanc-dicomweb",
  "redis-server",
  "mariadb-server",
  "nginx",
  "dcmtk",
  "gcc",
  "libc6-dev",
  "util-linux",
];

/** What only the tests and benchmarks use: browser, validators, independent decoders, inference servers, PHP, load generator. */
export const TEST_PACKAGES = [
  "chromium",
  "dicom3tools",
  "libopenjp2-tools",
  "openjph-tools",
  "python3-pydicom",
  "python3-numpy",
  "python3-venv",
  // Triton's Python backend is linked to the library in it.
  "libpython3-dev",
  "libpixelmed-java",
  "default-jdk-headless",
  "maven",
  "fonts-nanum",
  "openssl",
  "php-cli",
  "php-sqlite3",
  "php-symfony-event-dispatcher",
  "phpunit",
  "poppler-utils",
  // promtool, which checks the alert rules.
  "prometheus",
  "wrk",
];

/** Debian starts a service when its package is installed, unless this program says no (policy-rc.d(8)). */
const POLICY = "/usr/sbin/policy-rc.d";
const POLICY_TEXT =
  "#!/bin/sh\n# Put here by NeuroNova while it installs packages: no service is to start.\nexit 101\n";

/**
 * @param {readonly string[]} packages
 * @returns {string[]} those that are not installed
 */
export function missingPackages(packages) {
  const answer = spawnSync("dpkg-query", ["-W", "-f=${Package} ${db:Status-Status}\n", ...packages], {
    encoding: "utf8",
  });
  return missingFrom(packages, answer.stdout ?? "");
}

/**
 * @param {readonly string[]} packages
 * @param {string} listing lines of "name status" as dpkg-query prints them
 */
export function missingFrom(packages, listing) {
  const installed = new Set(
    listing
      .split("\n")
      .filter((line) => line.endsWith(" installed"))
      .map((line) => line.split(" ")[0]),
  );
  return packages.filter((name) => !installed.has(name));
}

/**
 * Installs what is missing with apt, without any service being started.
 *
 * @param {readonly string[]} packages
 * @throws Error saying what to do when it can't
 */
export function installPackages(packages) {
  const missing = missingPackages(packages);
  if (missing.length === 0) return;
  const byHand = `Install them yourself: apt-get install --no-install-recommends ${missing.join(" ")}`;
  if (!existsSync("/usr/bin/apt-get"))
    throw new Error(
      `These packages are missing: ${missing.join(", ")}. This is neither Debian nor Ubuntu: ${byHand}`,
    );
  const prefix = asRoot();
  if (prefix === undefined)
    throw new Error(
      `These packages are missing: ${missing.join(", ")}. Neither root nor sudo is there. ${byHand}`,
    );
  console.log(`Installing ${missing.join(", ")}`);
  const restore = forbidServices(prefix);
  try {
    run([...prefix, "apt-get", "update", "-q"], byHand);
    run(
      [
        ...prefix,
        "env",
        "DEBIAN_FRONTEND=noninteractive",
        "apt-get",
        "install",
        "-y",
        "-q",
        "--no-install-recommends",
        ...missing,
      ],
      byHand,
    );
  } finally {
    restore();
  }
  const left = missingPackages(packages);
  if (left.length > 0) throw new Error(`apt did not install ${left.join(", ")}. ${byHand}`);
}

/** @returns {string[] | undefined} what a command is put behind to run as root; undefined when nothing does */
function asRoot() {
  if (process.getuid?.() === 0) return [];
  return spawnSync("sudo", ["-v"], { stdio: "inherit" }).status === 0 ? ["sudo"] : undefined;
}

/**
 * @param {readonly string[]} prefix
 * @returns {() => void} puts back what was there before, also after Ctrl-C
 */
function forbidServices(prefix) {
  const keep = mkdtempSync(join(tmpdir(), "policy-"));
  const before = existsSync(POLICY) ? readFileSync(POLICY) : undefined;
  if (before?.toString() === POLICY_TEXT)
    throw new Error(`${POLICY} is ours already: another set-up is running, or one was killed; remove it`);
  const ours = join(keep, "policy-rc.d");
  writeFileSync(ours, POLICY_TEXT);
  chmodSync(ours, 0o755);
  if (before !== undefined) run([...prefix, "mv", POLICY, `${POLICY}.neuronova`], "");
  run([...prefix, "cp", ours, POLICY], "");
  let restored = false;
  const restore = () => {
    if (restored) return;
    restored = true;
    if (before === undefined) run([...prefix, "rm", "-f", POLICY], "");
    else run([...prefix, "mv", `${POLICY}.neuronova`, POLICY], "");
    rmSync(keep, { recursive: true, force: true });
  };
  process.once("exit", restore);
  return restore;
}

/**
 * @param {string[]} command
 * @param {string} advice
 */
function run([program = "", ...args], advice) {
  const { status, error } = spawnSync(program, args, { stdio: ["ignore", "inherit", "inherit"] });
  if (status !== 0)
    throw new Error(
      `${program} ${args[0] ?? ""} failed (${error?.message ?? `status ${status}`}). ${advice}`,
    );
}
