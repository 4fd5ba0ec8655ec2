import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import type { RunningStack } from "./running-stack.js";

export interface ProgramEnd {
  readonly status: number | null;
  /** Standard output, then standard error. */
  readonly output: string;
}

/** A program of the sidecar beside a running stack: `cli` is the command `neuronova`, `main` a process with roles. */
export function startProgramBeside(
  { local }: RunningStack,
  program: "cli" | "main",
  args: readonly string[],
  settings: Readonly<Record<string, string>> = {},
): ChildProcess {
  const env = {
    PATH: process.env["PATH"] ?? "",
    NEURONOVA_ROLES: "transcoding",
    NEURONOVA_LISTEN_PORT: "0",
    NEURONOVA_DATABASE_URL: local.databaseUrl,
    NEURONOVA_REDIS_URL: `unix://${local.redisSocket}`,
    NEURONOVA_REDIS_PASSWORD: local.secrets.redisPassword,
    NEURONOVA_ORTHANC_URL: local.orthancUrl,
    NEURONOVA_ORTHANC_PASSWORD: local.secrets.orthancPassword,
    NEURONOVA_FHIR_URL: local.fhirUrl,
    NEURONOVA_ARRIVAL_SECRET: "not used by this program",
    ...settings,
  };
  const entry = new URL(`../../dist/${program}.js`, import.meta.url).pathname;
  return spawn(process.execPath, [entry, ...args], { env, stdio: ["ignore", "pipe", "pipe"] });
}

/** Waits for its end. */
export async function endOf(child: ChildProcess): Promise<ProgramEnd> {
  const { stdout, stderr } = child;
  if (stdout === null || stderr === null) throw new Error("the program has no output");
  const output = Promise.all([text(stdout), text(stderr)]);
  const [status] = (await once(child, "close")) as [number | null];
  return { status, output: (await output).join("") };
}

/** `neuronova …` until it ends. */
export function runCommand(stack: RunningStack, ...args: string[]): Promise<ProgramEnd> {
  return endOf(startProgramBeside(stack, "cli", args));
}
