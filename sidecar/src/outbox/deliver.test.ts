import { pino } from "pino";
import { expect, test } from "vitest";
import { deliverNext, type Destination } from "./deliver.js";
import type { OutboxStore } from "./outbox-store.js";

const log = pino({ level: "silent" });

function outboxWith(
  messages: { id: number; kind: "study" | "analysis"; subject: string; attempts: number }[],
) {
  const journal: string[] = [];
  const outbox: OutboxStore = {
    claim: () => Promise.resolve(messages.length === 0 ? null : { aggregate: "p", messages }),
    release: () => Promise.resolve(void journal.push("release")),
    delivered: (ids) => Promise.resolve(void journal.push(`delivered ${ids.join(",")}`)),
    postpone: (ids) => Promise.resolve(void journal.push(`postpone ${ids.join(",")}`)),
    fail: (ids, error) => Promise.resolve(void journal.push(`fail ${ids.join(",")} ${error}`)),
    backlog: () => Promise.resolve({ pending: 0, failed: 0, oldestSeconds: 0 }),
  };
  return { outbox, journal };
}

function destinationThat(write: Destination["write"]): Destination {
  return { name: "fhir", write, studyInstanceUid: () => Promise.resolve("1.2") };
}

const three = [
  { id: 1, kind: "study" as const, subject: "s", attempts: 0 },
  { id: 2, kind: "analysis" as const, subject: "9", attempts: 0 },
  { id: 3, kind: "study" as const, subject: "s", attempts: 0 },
];

test("messages about the same subject are one write of its newest state", async () => {
  const { outbox, journal } = outboxWith(three);
  const written: string[] = [];
  const destination = destinationThat((kind, subject) => {
    written.push(`${kind} ${subject}`);
    return Promise.resolve({ resources: [], studyInstanceUid: "1.2" });
  });
  expect(await deliverNext({ outbox, destination, owner: "me", log })).toBe("more");
  expect(written).toEqual(["study s", "analysis 9"]);
  expect(journal).toEqual(["delivered 1,3", "delivered 2", "release"]);
});

test("a fault that passes postpones all of the aggregate: its order holds", async () => {
  const { outbox, journal } = outboxWith(three);
  const destination = destinationThat(() =>
    Promise.reject(Object.assign(new Error("down"), { retryable: true })),
  );
  await deliverNext({ outbox, destination, owner: "me", log });
  expect(journal).toEqual(["postpone 1,2,3", "release"]);
});

test("a fault that stays fails its messages, and the next go on", async () => {
  const { outbox, journal } = outboxWith(three);
  const destination = destinationThat((kind) =>
    kind === "study"
      ? Promise.reject(Object.assign(new Error("invalid"), { retryable: false, code: "fhir-refused" }))
      : Promise.resolve({ resources: [], studyInstanceUid: "1.2" }),
  );
  await deliverNext({ outbox, destination, owner: "me", log });
  expect(journal).toEqual(["fail 1,3 fhir-refused: invalid", "delivered 2", "release"]);
});
