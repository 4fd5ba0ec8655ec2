import { IDENTITIES } from "../../authorization/principal-directory.js";
import { ApiKeys } from "../../credentials/api-keys.js";
import { Clients } from "../../credentials/clients.js";
import { clientCommand, keyCommand } from "../../credentials/command.js";
import { linkCommand } from "../../share-links/command.js";
import { onBench } from "../bench.js";
import { operatorPrincipal } from "../operator.js";
import type { Command } from "../terminal.js";

// Whoever has a shell here may look at and end all of them.

export const keys: Command = (args, terminal) =>
  onBench(terminal, ({ connections, who, recorded }) => {
    const apiKeys = new ApiKeys(connections.apiKeys, () => connections.announce(new Set([IDENTITIES])));
    const operator = operatorPrincipal(who);
    const action = args[0] === "list" ? "api-key-read" : "api-key-change";
    return recorded(action, targetOf("keys", args), () =>
      keyCommand(args, { keys: apiKeys, operator, print: terminal.print }),
    );
  });

export const clients: Command = (args, terminal) =>
  onBench(terminal, ({ connections, recorded }) => {
    const registered = new Clients(connections.clients, () => connections.announce(new Set([IDENTITIES])));
    const action = args[0] === "list" ? "client-read" : "client-change";
    return recorded(action, targetOf("clients", args), () =>
      clientCommand(args, { clients: registered, print: terminal.print }),
    );
  });

export const links: Command = (args, terminal) =>
  onBench(terminal, ({ connections, who, recorded }) => {
    const changed = () => connections.announce(new Set([IDENTITIES]));
    const action = args[0] === "list" ? "share-read" : "share-revoke";
    return recorded(action, targetOf("links", args), () =>
      linkCommand(args, {
        links: connections.shareLinks,
        subject: who.subject,
        changed,
        print: terminal.print,
      }),
    );
  });

/** Only what may be a command of ours: what else was typed may be a secret. */
function targetOf(kind: string, [what = ""]: readonly string[]): string {
  return `${kind}-${/^[a-z]{1,16}$/.test(what) ? what : ""}`;
}
