import { spawnSync } from "node:child_process";
import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { repositoryRoot } from "../local-stack/repository.mjs";
import { hashOf } from "../setup/build.mjs";

const SOURCES = join(repositoryRoot, "scripts/inference-servers");
/** Kept between runs, not in the repository: some 600 MB. */
const INSTALLED = join(repositoryRoot, ".local/inference-servers");
const STAMP = join(INSTALLED, "source-hash");
const UNAVAILABLE = join(INSTALLED, "unavailable.txt");
const ENVIRONMENT = join(INSTALLED, "venv");
/** Debian's: Triton's Python backend is linked to that one's library. */
const PYTHON = "/usr/bin/python3";
const INSTALL_MINUTES = 10;

/** Where the tests find what was installed. */
export const INFERENCE_SERVERS = {
  python: join(ENVIRONMENT, "bin/python"),
  mlserver: join(ENVIRONMENT, "bin/mlserver"),
  tritonBackends: join(INSTALLED, "triton-backends"),
};

/**
 * Installs the inference servers that the remote engine is tested against: MLServer and, as it comes with PyTriton,
 * Triton, and the ONNX Runtime that both run the demo network with. On a machine on which that can't be done those
 * tests fail with the reason: {@link inferenceServersUnavailable}.
 */
export function installInferenceServers() {
  const hash = hashOf(SOURCES, ["requirements.txt", "install-inference-servers.mjs"]);
  if (existsSync(STAMP) && readFileSync(STAMP, "utf8") === hash) return;
  console.log("Installing the inference servers of the tests (pip)");
  rmSync(INSTALLED, { recursive: true, force: true });
  mkdirSync(INSTALLED, { recursive: true });
  const failed =
    run([PYTHON, "-m", "venv", ENVIRONMENT]) ??
    // Every package is named with its version: nothing else is chosen.
    run([
      INFERENCE_SERVERS.python,
      ...[
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--only-binary=:all:",
        "--disable-pip-version-check",
      ],
      ...["-r", join(SOURCES, "requirements.txt")],
    ]) ??
    arrangeTriton();
  if (failed === undefined) writeFileSync(STAMP, hash);
  else writeFileSync(UNAVAILABLE, failed);
}

/** @returns {string | undefined} why they are not on this machine; undefined when they are */
export function inferenceServersUnavailable() {
  if (existsSync(STAMP)) return undefined;
  return existsSync(UNAVAILABLE)
    ? readFileSync(UNAVAILABLE, "utf8")
    : "they were not installed: node scripts/inference-servers/install-inference-servers.mjs does";
}

/** The Triton server's binary, in the package it comes with. */
export function tritonServer() {
  return join(sitePackages(), "pytriton/tritonserver/bin/tritonserver");
}

/** Where Python packages of the servers are. */
export function sitePackages() {
  return join(ENVIRONMENT, "lib", `python${pythonVersion()}`, "site-packages");
}

/** Triton wants the program that holds Python beside its backend; the package has one for each version of Python. */
function arrangeTriton() {
  const triton = join(sitePackages(), "pytriton/tritonserver");
  const stub = join(triton, "python_backend_stubs", pythonVersion(), "triton_python_backend_stub");
  if (!existsSync(stub)) return `Triton's Python backend is not there for Python ${pythonVersion()}`;
  cpSync(join(triton, "backends"), INFERENCE_SERVERS.tritonBackends, { recursive: true });
  copyFileSync(stub, join(INFERENCE_SERVERS.tritonBackends, "python/triton_python_backend_stub"));
  return undefined;
}

function pythonVersion() {
  const { stdout } = spawnSync(
    PYTHON,
    ["-c", "import sys; print(f'{sys.version_info[0]}.{sys.version_info[1]}')"],
    { encoding: "utf8" },
  );
  return (stdout ?? "").trim();
}

/**
 * @param {string[]} command
 * @returns {string | undefined} what went wrong
 */
function run([program = "", ...args]) {
  const { status, stderr, error } = spawnSync(program, args, {
    encoding: "utf8",
    timeout: INSTALL_MINUTES * 60_000,
  });
  if (status === 0) return undefined;
  const lines = (stderr ?? "").split("\n").filter((line) => /error/i.test(line));
  return error?.message ?? lines.at(-1) ?? `${program} ended with status ${status}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  installInferenceServers();
  const reason = inferenceServersUnavailable();
  if (reason !== undefined) {
    console.error(`The inference servers cannot be installed: ${reason}`);
    process.exitCode = 1;
  }
}
