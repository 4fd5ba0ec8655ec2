import { execFile } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const SOURCE = fileURLToPath(new URL("loopback-bind.c", import.meta.url));

/** Any of these builds it; tcc is the smallest Debian package that does. */
export const COMPILERS = ["cc", "gcc", "tcc", "clang"];

/**
 * Builds the library that keeps a server on the loopback address (docs/decisions/0002), unless the one
 * there is newer than its source.
 *
 * @param {string} path where the shared library goes
 */
export async function buildLoopbackBind(path) {
  if (existsSync(path) && statSync(path).mtimeMs > statSync(SOURCE).mtimeMs) return;
  const failures = [];
  for (const compiler of COMPILERS) {
    try {
      await run(compiler, ["-shared", "-fPIC", "-nostdlib", "-o", path, SOURCE]);
      return;
    } catch (error) {
      failures.push(error instanceof Error ? error.message : String(error));
    }
  }
  throw new Error(`No C compiler could build ${SOURCE}:\n${failures.join("\n")}`);
}
