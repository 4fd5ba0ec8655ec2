import { jobCommand } from "../../ai-jobs/command.js";
import { StudyAccess } from "../../authorization/study-access.js";
import { ModelShelf } from "../../roles/model-shelf.js";
import { onBench } from "../bench.js";
import { operatorPrincipal } from "../operator.js";
import type { Command } from "../terminal.js";

export const ai: Command = (args, terminal) => {
  const runs = args[0] === "run";
  return onBench(terminal, async ({ config, connections, log, who, recorded }) => {
    const { modelDecisions, state, queue, jobs, studyDirectory } = connections;
    const shelf = new ModelShelf(config.NEURONOVA_MODELS_DIRECTORY, modelDecisions, log);
    await shelf.look();
    return recorded(runs ? "job-change" : "job-read", `ai-${runs ? "run" : "list"}`, () =>
      jobCommand(args, {
        ...{ state, queue, jobs, print: terminal.print },
        access: new StudyAccess(studyDirectory),
        models: shelf.choice,
        modelCaption: shelf.caption,
        operator: operatorPrincipal(who),
      }),
    );
  });
};
