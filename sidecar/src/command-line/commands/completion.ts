import { completionFor } from "../completion.js";
import { UsageError, type Command } from "../terminal.js";
import { USAGE } from "../usage.js";

export const completion: Command = async ([shell = ""], { print }) => {
  const script = completionFor(shell, USAGE);
  if (script === undefined) throw new UsageError("completion takes one of: bash, zsh, fish");
  await print(script);
  return 0;
};
