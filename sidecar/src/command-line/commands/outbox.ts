import { OUTBOX_COMMANDS, outboxCommand } from "../../outbox/command.js";
import { onBench } from "../bench.js";
import type { Command } from "../terminal.js";

export const outbox: Command = (args, terminal) => {
  const command = OUTBOX_COMMANDS.find((name) => name === args[0]);
  const action = command === "replay" || command === "drop" ? "work-change" : "work-read";
  return onBench(terminal, ({ connections, recorded }) =>
    recorded(action, command ?? "", () => outboxCommand(args, { ...connections, print: terminal.print })),
  );
};
