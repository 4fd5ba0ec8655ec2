import { createInterface } from "node:readline";
import { openEmrCommand } from "../../openemr/command.js";
import { ConnectError } from "../../openemr/connect.js";
import { onBench } from "../bench.js";
import { UsageError, type Command } from "../terminal.js";

export const openemr: Command = ([command], terminal) => {
  const connects = command === "connect";
  const landing = async () => {
    for await (const line of createInterface({ input: terminal.input })) if (line.trim() !== "") return line;
    return "";
  };
  return onBench(
    terminal,
    ({ connections, recorded }) => {
      if (connections.openEmr === undefined)
        throw new UsageError("No OpenEMR is configured: set NEURONOVA_OPENEMR_URL");
      const { oauth: server, vault, api, known } = connections.openEmr;
      const target = `openemr-${connects ? "connect" : "status"}`;
      return recorded(connects ? "work-change" : "work-read", target, () =>
        openEmrCommand(command, { server, vault, landing, api, known, print: terminal.print }),
      );
    },
    (error) => error instanceof ConnectError,
  );
};
