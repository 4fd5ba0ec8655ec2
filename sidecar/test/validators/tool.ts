import { spawnSync } from "node:child_process";

/** What a validator said. */
export interface Verdict {
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
}

/** Runs a program to its end. @throws Error when it is not installed or does not start */
export function runTool(
  program: string,
  parameters: readonly string[],
): { status: number | null; output: string } {
  const { error, status, stdout, stderr } = spawnSync(program, parameters, {
    encoding: "utf8",
    timeout: 180_000,
    maxBuffer: 64 << 20,
  });
  if (error !== undefined) throw new Error(`${program} cannot be run: ${error.message}`);
  return { status, output: `${stdout}\n${stderr}` };
}

/** The lines of an output that start with "Error" or "Warning". */
export function verdictOf(output: string): Verdict {
  const lines = output.split("\n").map((line) => line.trim());
  return {
    errors: lines.filter((line) => /(^|[\s:])error\b/i.test(line)),
    warnings: lines.filter((line) => /(^|[\s:-])warning\b/i.test(line)),
  };
}
