import { expect, test } from "vitest";
import { outboxCommand, type OutboxCommandDependencies } from "../outbox/command.js";
import { outboxFindings, type OutboxLooks } from "./outbox-findings.js";

type Destinations = Awaited<ReturnType<OutboxLooks["destinations"]>>;

const look = (destinations: Destinations, failed = 0) =>
  outboxFindings({
    destinations: () => Promise.resolve(destinations),
    failedMessages: () => Promise.resolve(failed),
  });
const fhir = { destination: "fhir", breaker: "closed", pending: 3, oldestSeconds: 1 } as const;

test("messages that wait and nobody delivers are told of, and are no fault while somebody does", async () => {
  const [finding, ...others] = await look([{ ...fhir, breaker: "none", oldestSeconds: 90 }]);
  expect(others).toEqual([]);
  expect(finding).toMatchObject({
    state: "warning",
    finding: "nobody delivers to fhir: 3 wait, the oldest for 90 s",
    todo: expect.stringContaining("delivery") as string,
  });
  expect(await look([fhir])).toMatchObject([{ state: "ok" }]);
  expect(await look([{ ...fhir, breaker: "none", pending: 0 }])).toMatchObject([{ state: "ok" }]);
  expect(await look([{ ...fhir, breaker: "open" }])).toMatchObject([
    { state: "warning", finding: "fhir is left alone (open)" },
  ]);
});

test("what it advises for messages that failed is a command that can be done", async () => {
  const [{ todo } = { todo: "" }] = await look([], 2);
  const commands = [...(todo ?? "").matchAll(/neuronova outbox ((?:replay|list)(?: --\w+)*)/g)];
  expect(commands.map(([, words]) => words)).toEqual(["list", "replay --all"]);
  const dependencies = {
    deadLetters: { list: () => Promise.resolve([]), replay: () => Promise.resolve(2) },
    print: () => Promise.resolve(),
  } as unknown as OutboxCommandDependencies;
  for (const [, words = ""] of commands) expect(await outboxCommand(words.split(" "), dependencies)).toBe(0);
});
