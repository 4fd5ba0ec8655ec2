import { parseArgs } from "node:util";
import { z } from "zod";
import { parseBody } from "../authorization/parse-body.js";
import { ApiError } from "../error-response.js";
import type { HookSources, Registrar } from "./hook-sources.js";
import { HOOK_STATES } from "./hook-store.js";

export const HOOK_COMMANDS = [
  "list",
  "add",
  "enable",
  "disable",
  "rotate",
  "remove",
  "messages",
  "replay",
] as const;

export interface HookCommandDependencies {
  readonly sources: HookSources;
  /** Who types: whoever has a shell here may give everything. */
  readonly registrar: Registrar;
  readonly print: (text: string) => Promise<void>;
}

const SHOWN = 200;
const messageFilter = z.object({ state: z.enum(HOOK_STATES).optional() });
const words = (text: string | undefined) => text?.split(",").filter((word) => word !== "");

/**
 * `neuronova hooks …`
 * @returns the exit status
 * @throws ApiError for what cannot be done as it was asked
 */
export async function hookCommand(
  [command = "", ...args]: readonly string[],
  { sources, registrar, print }: HookCommandDependencies,
): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      types: { type: "string" },
      issuer: { type: "string" },
      description: { type: "string" },
      permissions: { type: "string" },
      labels: { type: "string" },
      "api-keys": { type: "string" },
      "overlap-hours": { type: "string" },
      state: { type: "string" },
      json: { type: "boolean", default: false },
    },
  });
  const [name = "", id = ""] = positionals;
  const json = (value: unknown) => print(`${JSON.stringify(value, null, 2)}\n`);
  switch (command) {
    case "list": {
      const found = await sources.list();
      if (values.json) await json(found);
      else
        for (const one of found)
          await print(
            `${one.name}\t${one.enabled ? "enabled" : "disabled"}\t${one.issuer}\t${one.types.join(",")}\n`,
          );
      return 0;
    }
    case "add": {
      const { permissions, labels, "api-keys": apiKeys, description, issuer } = values;
      const given = {
        name,
        issuer,
        description,
        types: words(values.types) ?? [],
        permissions: words(permissions),
        labels: words(labels),
        apiKeys: words(apiKeys)?.map(Number),
      };
      await json(await sources.create(registrar, withoutUndefined(given)));
      return 0;
    }
    case "enable":
    case "disable":
      await sources.change(registrar, name, { enabled: command === "enable" });
      await print(`source ${name} is ${command}d\n`);
      return 0;
    case "rotate": {
      const hours = values["overlap-hours"];
      await json(await sources.rotate(name, hours === undefined ? {} : { overlapHours: Number(hours) }));
      return 0;
    }
    case "remove":
      await sources.remove(name);
      await print(`source ${name} is removed\n`);
      return 0;
    case "messages": {
      const { state } = parseBody(messageFilter, { state: values.state });
      const found = await sources.messagesOf(name, state, Number.MAX_SAFE_INTEGER, SHOWN);
      if (values.json) await json(found);
      else
        for (const one of found)
          await print(
            `${[one.id, one.receivedAt.toISOString(), one.webhookId, one.type, one.state, one.code ?? "", one.reason ?? ""].join("\t")}\n`,
          );
      return 0;
    }
    case "replay":
      if (!/^[1-9]\d{0,14}$/.test(id))
        throw new ApiError(
          400,
          "request-malformed",
          "replay takes the name of a source and the id of a message",
        );
      await sources.replay(name, Number(id));
      await print("1 replayed\n");
      return 0;
    default:
      throw new ApiError(400, "request-malformed", `hooks takes one of: ${HOOK_COMMANDS.join(", ")}`);
  }
}

function withoutUndefined(values: object): object {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
