import { parseArgs } from "node:util";
import { ApiError } from "../error-response.js";
import type { StatisticsStore } from "./count-days.js";
import { MODEL_MODES, type ModelDecisions } from "./model-modes.js";
import { printStatistics } from "./print-statistics.js";
import { reloadModels, type Shelf } from "./routes.js";

export interface ModelCommandDependencies {
  readonly shelf: Shelf;
  readonly decisions: ModelDecisions;
  readonly statistics: Pick<StatisticsStore, "since">;
  readonly changed: () => void;
  /** Who types. */
  readonly subject: string;
  readonly print: (text: string) => Promise<void>;
}

export const MODEL_COMMANDS = ["list", "statistics", "reload", "set-mode"] as const;

/**
 * `neuronova models …`
 * @returns the exit status: 1 when a bundle is refused (`list`, `reload`)
 * @throws ApiError for what cannot be done as it was asked
 */
export async function modelCommand(
  [command = "", ...args]: readonly string[],
  { shelf, decisions, statistics, changed, subject, print }: ModelCommandDependencies,
): Promise<number> {
  const { positionals, values } = parseArgs({
    args: [...args],
    options: { json: { type: "boolean", default: false }, since: { type: "string" } },
    allowPositionals: true,
  });
  if ((command === "list" || command === "reload") && positionals.length === 0) {
    if (command === "reload") await reloadModels({ shelf, decisions, changed });
    const { models, refused } = shelf.list();
    if (values.json) {
      await print(`${JSON.stringify({ models, refused }, null, 2)}\n`);
      return refused.length === 0 ? 0 : 1;
    }
    for (const { name, version, mode, task, engine, title } of models)
      await print(`${name} ${version}  ${mode}  ${task}  ${engine}  ${title}\n`);
    for (const { folder, reason } of refused) await print(`${folder}  refused: ${reason}\n`);
    return refused.length === 0 ? 0 : 1;
  }
  if (command === "statistics" && positionals.length < 2) {
    await printStatistics(positionals[0], values, { statistics, shelf, print });
    return 0;
  }
  const [name = "", version = "", wanted] = positionals;
  const mode = MODEL_MODES.find((one) => one === wanted);
  if (command !== "set-mode" || positionals.length !== 3 || mode === undefined)
    throw new ApiError(
      400,
      "usage",
      `neuronova models list | statistics [NAME] | reload | set-mode NAME VERSION ${MODEL_MODES.join("|")}`,
    );
  if (!shelf.has({ name, version })) throw new ApiError(404, "no-such-model", "There is no such model.");
  await decisions.decide({ name, version }, mode, subject);
  changed();
  await print(`${name} ${version} is ${mode}\n`);
  return 0;
}
