import { configFindings, printFindings } from "../config-findings.js";
import { UsageError, type Command } from "../terminal.js";

/** EX_CONFIG of sysexits.h. */
const CANNOT_BE_USED = 78;

export const config: Command = async ([command, ...args], terminal) => {
  if (command !== "check") throw new UsageError("config takes: check");
  const { config: usable, findings } = configFindings(terminal.environment);
  await printFindings(findings, args, terminal);
  return usable === undefined ? CANNOT_BE_USED : 0;
};
