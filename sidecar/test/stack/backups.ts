import { spawn } from "node:child_process";
import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { endOf, type ProgramEnd } from "./run-program.js";
import { RunningStack } from "./running-stack.js";
// @ts-expect-error -- plain JavaScript with JSDoc types, checked by `tsc -p scripts`
import { mariadbProcess } from "../../../scripts/local-stack/mariadb.mjs";
// @ts-expect-error -- as above
import { layOutDirectory } from "../../../scripts/local-stack/stack-directory.mjs";
// @ts-expect-error -- as above
import { SupervisedProcess } from "../../../scripts/local-stack/supervised-process.mjs";

interface Process {
  start(): Promise<void>;
  stop(): Promise<void>;
}

const definition = mariadbProcess as (layout: object, settings: { password: string }) => { url: string };
const layOut = layOutDirectory as (directory: string) => { logs: string };
const Supervised = SupervisedProcess as new (definition: object, surroundings: object) => Process;

function script(
  name: "backup" | "restore",
  env: Record<string, string>,
  args: string[],
): Promise<ProgramEnd> {
  const path = new URL(`../../../scripts/backup/${name}.mjs`, import.meta.url).pathname;
  const child = spawn(process.execPath, [path, ...args], {
    env: { PATH: process.env["PATH"] ?? "", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  return endOf(child);
}

/**
 * `scripts/backup/backup.mjs` beside a stack that goes on working.
 * @param settings that replace those of a sidecar on Unix sockets
 */
export function backUp(
  { local, directory }: RunningStack,
  to: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<ProgramEnd> {
  const orthanc = local.processes["orthanc"]?.pid ?? 0;
  const environment = {
    NEURONOVA_ROLES: "delivery",
    NEURONOVA_DATABASE_URL: local.databaseUrl,
    NEURONOVA_REDIS_URL: `unix://${local.redisSocket}`,
    NEURONOVA_REDIS_PASSWORD: local.secrets.redisPassword,
    NEURONOVA_ORTHANC_URL: local.orthancUrl,
    NEURONOVA_ORTHANC_PASSWORD: local.secrets.orthancPassword,
    NEURONOVA_FHIR_URL: local.fhirUrl,
    NEURONOVA_ARRIVAL_SECRET: "not used by this program",
    ...settings,
  };
  return script("backup", environment, [
    `--to=${to}`,
    `--orthanc-storage=${join(directory, "data/orthanc")}`,
    `--folder=fhir=${join(directory, "data/fhir")}`,
    `--pause-orthanc=kill -STOP ${orthanc}`,
    `--resume-orthanc=kill -CONT ${orthanc}`,
  ]);
}

/**
 * `scripts/backup/restore.mjs` into the new directory of a stack whose database alone runs; the secrets come from
 * where they were kept apart.
 */
export async function restoreInto(directory: string, from: string, secrets: string): Promise<ProgramEnd> {
  const layout = layOut(directory);
  await cp(secrets, join(directory, "secrets"), { recursive: true });
  const password = await readFile(join(secrets, "database-password"), "utf8");
  const mariadb = definition(layout, { password });
  const database = new Supervised(mariadb, { logs: layout.logs, onGivenUp: () => undefined });
  await database.start();
  try {
    const ended = await script("restore", { NEURONOVA_DATABASE_URL: mariadb.url }, [
      `--from=${from}`,
      `--orthanc-storage=${join(directory, "data/orthanc")}`,
      `--folder=fhir=${join(directory, "data/fhir")}`,
    ]);
    // Its accounts are those of the backup: none is put by the start.
    await writeFile(join(directory, "data/accounts-were-put"), "");
    return ended;
  } finally {
    await database.stop();
  }
}

/** A new stack with what a backup holds. */
export function restoredStack(
  { backup, secrets }: { readonly backup: string; readonly secrets: string },
  settings: Readonly<Record<string, string>>,
): Promise<RunningStack> {
  return RunningStack.start({
    settings,
    async fill(directory) {
      const { status, output } = await restoreInto(directory, backup, secrets);
      if (status !== 0) throw new Error(`the restore ended with ${status}: ${output}`);
    },
  });
}
