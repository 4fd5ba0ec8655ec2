import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
// @ts-expect-error -- plain JavaScript with JSDoc types, checked by `tsc -p scripts`
import { startStack } from "../../../scripts/local-stack/start-stack.mjs";

const start = startStack as (options: object) => Promise<{ stop(): Promise<void> }>;

/**
 * Before all test files: a stack is started and stopped once, in a directory that each file begins with a copy of.
 * System tables, migrations and accounts would otherwise be half of the work of every start.
 */
export default async function prepareStacks(project: TestProject): Promise<() => Promise<void>> {
  const directory = await mkdtemp(join(tmpdir(), "neuronova-prepared-"));
  const stack = await start({ directory, sidecarProcesses: [["api"]] });
  await stack.stop();
  project.provide("preparedDirectory", directory);
  return () => rm(directory, { recursive: true, force: true });
}
