import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";

/** Debian's interpreter: python3-pydicom is installed for it, whatever else is in the path. */
const PYTHON = "/usr/bin/python3";

/** The interpreter that has highdicom, which `node scripts/setup/highdicom.mjs` installs. */
const HIGHDICOM = fileURLToPath(new URL("../../../.local/highdicom/bin/python", import.meta.url));

/** Runs a Python program with Debian's pydicom on the given standard input; answers what it prints. */
export function python(program: string, input: string | Uint8Array, ...args: string[]): Promise<string> {
  return run(PYTHON, program, input, args);
}

/** The same with highdicom and the pydicom that it wants. */
export function highdicom(program: string, ...args: string[]): Promise<string> {
  return run(HIGHDICOM, program, "", args);
}

function run(
  interpreter: string,
  program: string,
  input: string | Uint8Array,
  args: readonly string[],
): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { maxBuffer: 256 * 1024 * 1024 };
    const child = execFile(
      interpreter,
      ["-W", "ignore", "-c", program, ...args],
      options,
      (error, stdout, stderr) => {
        if (error === null) resolve(stdout);
        else reject(new Error(`${interpreter} failed: ${stderr}`, { cause: error }));
      },
    );
    child.stdin?.end(input);
  });
}
