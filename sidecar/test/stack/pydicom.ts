import { execFile } from "node:child_process";

/** Debian's interpreter: python3-pydicom is installed for it, whatever else is in the path. */
const PYTHON = "/usr/bin/python3";

/** Runs a Python program with Debian's pydicom on the given standard input; answers what it prints. */
export function python(program: string, input: string | Uint8Array, ...args: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { maxBuffer: 256 * 1024 * 1024 };
    const child = execFile(
      PYTHON,
      ["-W", "ignore", "-c", program, ...args],
      options,
      (error, stdout, stderr) => {
        if (error === null) resolve(stdout);
        else reject(new Error(`pydicom failed: ${stderr}`, { cause: error }));
      },
    );
    child.stdin?.end(input);
  });
}
