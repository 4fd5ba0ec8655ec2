import { HOOK_COMMANDS, hookCommand } from "../../hooks/command.js";
import { HookSources } from "../../hooks/hook-sources.js";
import { onBench } from "../bench.js";
import { UsageError, type Command } from "../terminal.js";

export const hooks: Command = (args, terminal) => {
  const command = HOOK_COMMANDS.find((name) => name === args[0]);
  const action = command === "list" || command === "messages" ? "hook-read" : "hook-change";
  return onBench(terminal, ({ connections, who, recorded }) => {
    const { hookSources, hookMessages, apiKeys, announce } = connections;
    if (hookSources === undefined)
      throw new UsageError("NEURONOVA_WEBHOOK_KEY is not set: it seals the secrets of sources");
    const sources = new HookSources(hookSources, hookMessages, apiKeys, () => announce(new Set(["hooks"])));
    const registrar = { subject: who.subject, demandAll: () => undefined };
    return recorded(action, `hooks-${command ?? ""}`, () =>
      hookCommand(args, { sources, registrar, print: terminal.print }),
    );
  });
};
