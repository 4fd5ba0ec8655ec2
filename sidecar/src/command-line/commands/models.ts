import { modelManifestSchema } from "../../inference/model-manifest.js";
import { MODEL_COMMANDS, modelCommand } from "../../models/command.js";
import { MODELS } from "../../models/model-modes.js";
import { ModelShelf } from "../../roles/model-shelf.js";
import { onBench } from "../bench.js";
import type { Command } from "../terminal.js";

export const models: Command = async (args, terminal) => {
  const { print } = terminal;
  if (args[0] === "schema") {
    await print(`${JSON.stringify(modelManifestSchema(), null, 2)}\n`);
    return 0;
  }
  const command = MODEL_COMMANDS.find((name) => name === args[0]);
  const action = command === "list" || command === "statistics" ? "work-read" : "work-change";
  return onBench(terminal, async ({ config, connections, log, who, recorded }) => {
    const { modelDecisions: decisions, modelStatistics: statistics, announce } = connections;
    const shelf = new ModelShelf(config.NEURONOVA_MODELS_DIRECTORY, decisions, log);
    await shelf.look();
    const changed = () => announce(new Set([MODELS]));
    return recorded(action, `models-${command ?? ""}`, () =>
      modelCommand(args, { shelf, decisions, statistics, changed, subject: who.subject, print }),
    );
  });
};
