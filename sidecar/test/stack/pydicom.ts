import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);
/** Debian's interpreter: python3-pydicom is installed for it, whatever else is in the path. */
const PYTHON = "/usr/bin/python3";

/** Runs a Python program with Debian's pydicom; answers what it prints. */
export async function python(program: string, ...args: string[]): Promise<string> {
  const { stdout } = await run(PYTHON, ["-W", "ignore", "-c", program, ...args], {
    maxBuffer: 256 * 1024 * 1024,
  });
  return stdout;
}
