import { parseArgs } from "node:util";
import type { Principal } from "../authorization/principal.js";
import { ApiError } from "../error-response.js";
import type { ApiKeys } from "./api-keys.js";
import type { Clients } from "./clients.js";

type Print = (text: string) => Promise<void>;

const words = (text: string | undefined) => (text ?? "").split(",").filter((word) => word !== "");

/**
 * `neuronova keys …`
 * @returns the exit status
 * @throws ApiError for what cannot be done as it was asked
 */
export async function keyCommand(
  [command = "", ...args]: readonly string[],
  { keys, operator, print }: { readonly keys: ApiKeys; readonly operator: Principal; readonly print: Print },
): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      name: { type: "string" },
      permissions: { type: "string" },
      labels: { type: "string" },
      days: { type: "string" },
      json: { type: "boolean", default: false },
    },
  });
  if (command === "list") {
    const found = await keys.list();
    if (values.json) await print(`${JSON.stringify(found, null, 2)}\n`);
    else
      for (const { id, name, permissions, expiresAt, revokedAt } of found) {
        const state = revokedAt === null ? `until ${expiresAt.toISOString()}` : "revoked";
        await print(`${id}\t${name}\t${state}\t${permissions.join(",")}\n`);
      }
    return 0;
  }
  if (command === "create") {
    const { name, permissions, labels, days } = values;
    const body = {
      name,
      permissions: words(permissions),
      labels: labels === undefined ? ["*"] : words(labels),
      validForDays: Number(days),
    };
    await print(`${JSON.stringify(await keys.create(operator, body), null, 2)}\n`);
    return 0;
  }
  if (command === "revoke") {
    await keys.revoke(numberOf(positionals));
    await print("1 revoked\n");
    return 0;
  }
  throw new ApiError(400, "request-malformed", "keys takes one of: list, create, revoke");
}

/** `neuronova clients …`, the same way. */
export async function clientCommand(
  [command = "", ...args]: readonly string[],
  { clients, print }: { readonly clients: Clients; readonly print: Print },
): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { json: { type: "boolean", default: false } },
  });
  if (command === "list") {
    const found = await clients.list();
    if (values.json) await print(`${JSON.stringify(found, null, 2)}\n`);
    else
      for (const { clientId, name, permissions, revokedAt } of found)
        await print(
          `${clientId}\t${name}\t${revokedAt === null ? "" : "revoked"}\t${permissions.join(",")}\n`,
        );
    return 0;
  }
  if (command === "revoke") {
    await clients.revoke(positionals[0] ?? "");
    await print("1 revoked\n");
    return 0;
  }
  throw new ApiError(400, "request-malformed", "clients takes one of: list, revoke");
}

export function numberOf([text = "", ...others]: readonly string[]): number {
  if (/^[1-9]\d{0,14}$/.test(text) && others.length === 0) return Number(text);
  throw new ApiError(400, "request-malformed", "give one number, as list shows it");
}
