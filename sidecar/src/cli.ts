#!/usr/bin/env node
import { once } from "node:events";
import { userInfo } from "node:os";
import { COMMANDS } from "./command-line/commands.js";
import { helpOf } from "./command-line/help.js";
import { UsageError, type Terminal } from "./command-line/terminal.js";
import { USAGE } from "./command-line/usage.js";

/** EX_USAGE of sysexits.h. */
const USAGE_STATUS = 64;
/** EX_CONFIG: settings that cannot be used. */
const CONFIG_STATUS = 78;

const terminal: Terminal = {
  environment: process.env,
  userName: userName(),
  input: process.stdin,
  columns: process.stdout.isTTY ? process.stdout.columns : undefined,
  print: async (text) => {
    if (!process.stdout.write(text)) await once(process.stdout, "drain");
  },
};

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A container may run under a number that has no name.
    return "unknown";
  }
}

async function main([name = "", ...args]: string[]): Promise<number> {
  if (name === "--help" || name === "help" || args.includes("--help")) {
    const help = helpOf(USAGE, name === "help" ? args : [name, ...args]);
    if (help === undefined) throw new UsageError(USAGE);
    await terminal.print(help);
    return 0;
  }
  const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (load === undefined) throw new UsageError(USAGE);
  return (await load())(args, terminal);
}

main(process.argv.slice(2)).then(
  (status) => {
    process.exitCode = status;
  },
  (error: unknown) => {
    const usage =
      error instanceof UsageError || (error as { code?: string }).code?.startsWith("ERR_PARSE_ARGS");
    // By its code: a command that needs no settings is not made to read what checks them.
    const unusable = (error as { code?: unknown } | null)?.code === "config-invalid";
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(unusable ? CONFIG_STATUS : usage ? USAGE_STATUS : 1);
  },
);
