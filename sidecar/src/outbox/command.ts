import { parseArgs } from "node:util";
import { ApiError } from "../error-response.js";
import type { DeadLetters, Letter } from "./dead-letters.js";
import {
  dropRequest,
  letterFilter,
  letterSearch,
  messageId,
  noSuchMessage,
  parsedAs,
} from "./letter-request.js";
import { outboxOverview } from "./overview.js";
import type { OutboxRoutesDependencies } from "./routes.js";

export const OUTBOX_COMMANDS = ["status", "list", "show", "replay", "drop"] as const;

export interface OutboxCommandDependencies extends OutboxRoutesDependencies {
  readonly print: (text: string) => Promise<void>;
}

const FILTER = {
  destination: { type: "string" },
  kind: { type: "string" },
  code: { type: "string" },
} as const;

/**
 * `neuronova outbox …`
 * @returns the exit status: 1 when a destination is shut off or something failed (`status`)
 * @throws ApiError for what cannot be done as it was asked
 */
export async function outboxCommand(
  [command = "", ...args]: readonly string[],
  dependencies: OutboxCommandDependencies,
): Promise<number> {
  const { deadLetters, print } = dependencies;
  if (command === "status") {
    const { values } = parseArgs({ args, options: { json: { type: "boolean", default: false } } });
    return status(dependencies, values.json);
  }
  if (command === "list") {
    const options = {
      ...FILTER,
      state: { type: "string" },
      after: { type: "string" },
      limit: { type: "string" },
      json: { type: "boolean", default: false },
    } as const;
    const { json, ...asked } = parseArgs({ args, options }).values;
    const { state, after, limit, ...filter } = parsedAs(letterSearch, { ...asked });
    const letters = await deadLetters.list(state, filter, after, limit);
    if (json) await print(`${JSON.stringify(letters, null, 2)}\n`);
    else await print(letters.map(line).join(""));
    return 0;
  }
  if (command === "show") {
    const letter = await deadLetters.open(idOf(args));
    if (letter === null) throw noSuchMessage();
    await print(`${JSON.stringify(letter, null, 2)}\n`);
    return 0;
  }
  if (command === "replay") {
    const request = replayRequest(args);
    const replayed = await deadLetters.replay(request);
    if (replayed === 0 && request.id !== undefined) throw noSuchMessage();
    await print(`${replayed} replayed\n`);
    return 0;
  }
  if (command === "drop") {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { reason: { type: "string" } },
    });
    const { reason } = parsedAs(dropRequest, { ...values });
    if (!(await deadLetters.drop(idOf(positionals), reason))) throw noSuchMessage();
    await print("1 dropped\n");
    return 0;
  }
  throw malformed(`outbox takes one of: ${OUTBOX_COMMANDS.join(", ")}`);
}

function replayRequest(args: string[]): Parameters<DeadLetters["replay"]>[0] {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { ...FILTER, all: { type: "boolean", default: false } },
  });
  const { all, ...given } = values;
  const filter = parsedAs(letterFilter, { ...given });
  if (positionals.length > 0) return { id: idOf(positionals) };
  if (!all && Object.keys(filter).length === 0)
    throw malformed("replay takes the id of a message, --destination, --kind, --code or --all");
  return filter;
}

async function status(dependencies: OutboxCommandDependencies, json: boolean): Promise<number> {
  const [destinations, failed] = await Promise.all([
    outboxOverview(dependencies),
    dependencies.deadLetters.counts("failed"),
  ]);
  await dependencies.print(
    json ? `${JSON.stringify({ destinations, failed }, null, 2)}\n` : statusText(destinations, failed),
  );
  return failed.length > 0 || destinations.some(({ breaker }) => breaker !== "closed") ? 1 : 0;
}

function statusText(
  destinations: Awaited<ReturnType<typeof outboxOverview>>,
  failed: Awaited<ReturnType<DeadLetters["counts"]>>,
): string {
  const lines = destinations.map(
    ({ destination, breaker, code, since, workers, pending, failed: dead, oldestSeconds }) =>
      `${destination}: ${breaker}${code === null ? "" : ` (${code} since ${since ?? "?"})`}, ${workers} workers, ` +
      `${pending} waiting${pending === 0 ? "" : `, the oldest for ${oldestSeconds} s`}, ${dead} failed\n`,
  );
  const dead = failed.map(
    ({ destination, kind, code, count }) => `  failed: ${count} ${kind} to ${destination}, ${code}\n`,
  );
  return [...lines, ...dead].join("") || "nothing waits and nothing failed\n";
}

function line({ id, destination, kind, subject, attempts, code, reason, createdAt }: Letter): string {
  return `${[id, createdAt.toISOString(), destination, kind, subject, `${attempts} attempts`, code ?? "", reason ?? ""].join("\t")}\n`;
}

function idOf([text, ...others]: readonly string[]): number {
  if (text === undefined || others.length > 0) throw malformed("give the id of one message");
  return messageId(text);
}

function malformed(detail: string): ApiError {
  return new ApiError(400, "request-malformed", detail);
}
