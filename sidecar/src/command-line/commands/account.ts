import { text } from "node:stream/consumers";
import { Accounts } from "../../accounts/accounts.js";
import { ACCOUNT_COMMANDS, accountCommand } from "../../accounts/command.js";
import { Passwords } from "../../authorization/passwords.js";
import { IDENTITIES } from "../../authorization/principal-directory.js";
import { ApiError } from "../../error-response.js";
import { onBench } from "../bench.js";
import type { Command } from "../terminal.js";

export const account: Command = (args, terminal) => {
  const readPassword = async () => (await text(terminal.input)).replace(/\r?\n$/, "");
  const action = args[0] === "list" ? "account-read" : "account-change";
  const target = ACCOUNT_COMMANDS.find((name) => name === args[0]) ?? "";
  return onBench(
    terminal,
    async ({ connections, recorded }) => {
      const changed = () => connections.announce(new Set([IDENTITIES]));
      const accounts = new Accounts(connections.accounts, new Passwords(), changed);
      const done = await recorded(action, target, () => accountCommand(args, accounts, readPassword));
      await terminal.print(`${done}\n`);
      return 0;
    },
    (error) => error instanceof ApiError,
  );
};
