import { parseArgs } from "node:util";
import { numberOf } from "../credentials/command.js";
import { ApiError } from "../error-response.js";
import type { ShareLinkStore } from "./share-link-store.js";

export interface LinkCommandDependencies {
  readonly links: ShareLinkStore;
  /** Who types. */
  readonly subject: string;
  /** Has every process look identities up again. */
  readonly changed: () => void;
  readonly print: (text: string) => Promise<void>;
}

const MOST = 10_000;

/**
 * `neuronova links …`
 * @returns the exit status
 * @throws ApiError for what cannot be done as it was asked
 */
export async function linkCommand(
  [command = "", ...args]: readonly string[],
  { links, subject, changed, print }: LinkCommandDependencies,
): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { json: { type: "boolean", default: false } },
  });
  if (command === "list") {
    const found = await links.list(null, MOST, 0);
    if (values.json) await print(`${JSON.stringify(found, null, 2)}\n`);
    else
      for (const { id, createdByName, expiresAt, revokedAt, uses, studyInstanceUids } of found) {
        const state = revokedAt === null ? `until ${expiresAt.toISOString()}` : "revoked";
        await print(`${id}\t${createdByName}\t${state}\t${uses} uses\t${studyInstanceUids.join(",")}\n`);
      }
    return 0;
  }
  if (command === "revoke") {
    if (!(await links.revoke(numberOf(positionals), subject)))
      throw new ApiError(404, "no-such-share-link", "There is no such link in force.");
    changed();
    await print("1 revoked\n");
    return 0;
  }
  throw new ApiError(400, "request-malformed", "links takes one of: list, revoke");
}
