import { auditCommand } from "../../audit/command.js";
import { onBench } from "../bench.js";
import type { Command } from "../terminal.js";

export const audit: Command = (args, terminal) =>
  onBench(terminal, ({ connections: { auditSearch: search, auditChain: chain }, trail, who }) =>
    auditCommand(args, { trail, search, chain, who, print: terminal.print }),
  );
