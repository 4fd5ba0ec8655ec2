import { schedulesTables } from "../../schedules/tables.js";
import { onBench } from "../bench.js";
import type { Command } from "../terminal.js";

export const schedules: Command = async ([command], terminal) => {
  const { print } = terminal;
  if (command !== "status") {
    await print(`${schedulesTables()}\n`);
    return 0;
  }
  return onBench(terminal, async ({ connections }) => {
    const runs = await connections.schedules.runs();
    await print(runs.map((run) => `${JSON.stringify(run)}\n`).join(""));
    return runs.every(({ succeeded }) => succeeded) ? 0 : 1;
  });
};
