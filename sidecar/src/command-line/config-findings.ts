import { parseArgs } from "node:util";
import { ConfigError, readConfig, type Config } from "../config.js";
import { diagnosisText, type Finding } from "./findings.js";
import type { Terminal } from "./terminal.js";

/** What the settings come to, without touching anything they name. */
export function configFindings(environment: NodeJS.ProcessEnv): {
  readonly config: Config | undefined;
  readonly findings: readonly Finding[];
} {
  try {
    const config = readConfig(environment);
    return {
      config,
      findings: [{ check: "configuration", state: "ok", finding: "every setting can be used" }],
    };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const todo =
      "Correct it where the process gets its environment from; docs/settings.md has every setting.";
    const findings = error.problems.map((finding): Finding => ({
      check: "configuration",
      state: "failed",
      finding,
      todo,
    }));
    return { config: undefined, findings };
  }
}

/** Tells them as was asked: with `--json` for programs. */
export async function printFindings(
  findings: readonly Finding[],
  args: string[],
  { print }: Terminal,
): Promise<void> {
  const { values } = parseArgs({ args, options: { json: { type: "boolean", default: false } } });
  await print(values.json ? `${JSON.stringify(findings, null, 2)}\n` : diagnosisText(findings));
}
