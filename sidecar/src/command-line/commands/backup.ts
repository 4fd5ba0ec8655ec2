import { noteBackup } from "../../schedules/backup-note.js";
import { onBench } from "../bench.js";
import { UsageError, type Command } from "../terminal.js";

export const backup: Command = (args, terminal) => {
  if (args.length !== 1 || args[0] !== "noted") throw new UsageError("backup takes: noted");
  return onBench(terminal, async ({ connections: { state }, recorded }) => {
    await recorded("work-change", "backup-noted", () => noteBackup(state, new Date()));
    return 0;
  });
};
