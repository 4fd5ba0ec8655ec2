import { pino } from "pino";
import { afterEach, expect, test } from "vitest";
import { StateUnavailable } from "../state/state-error.js";
import { NO_TRACER } from "../tracing/tracer.js";
import { Breaker } from "./breaker.js";
import { deliverNext } from "./deliver.js";
import type { Destination } from "./destination.js";
import { GroupSize } from "./group-size.js";
import type { OutboxMessage, OutboxStore } from "./outbox-store.js";

const log = pino({ level: "silent" });
const holder = { destination: "fhir", owner: "me", leaseSeconds: 6 } as const;
const breakers: Breaker[] = [];

afterEach(() => {
  for (const breaker of breakers.splice(0)) breaker.stop();
});

type Message = readonly [id: number, aggregate: string, subject: string, attempts?: number];

function outboxWith(messages: readonly Message[], othersPass = false) {
  const journal: string[] = [];
  const say = (line: string) => Promise.resolve(void journal.push(line));
  const outbox: OutboxStore = {
    claim: (_holder, { aggregates }) =>
      Promise.resolve(
        messages
          .filter(([, aggregate]) => aggregates > 1 || aggregate === messages[0]?.[1])
          .map(([id, aggregate, subject, attempts = 0]): OutboxMessage => {
            const kind = subject.startsWith("audit") ? "audit" : "study";
            return { id, aggregate, kind, subject, attempts, ageMilliseconds: 10 };
          }),
      ),
    millisecondsToNext: () => Promise.resolve(null),
    renew: () => Promise.resolve(new Set(messages.map(([, aggregate]) => aggregate))),
    release: () => say("release"),
    delivered: (_holder, writes) => say(`delivered ${writes.flatMap(({ ids }) => ids).join(",")}`),
    postpone: (ids, tried, delay) => {
      expect(delay).toBeGreaterThan(0);
      return say(`postpone ${ids.join(",")}, tried ${tried.join(",")}`);
    },
    fail: (ids, { code }) => say(`fail ${ids.join(",")} ${code}`),
    othersDelivered: () => Promise.resolve(othersPass),
    makeDue: () => say("make due"),
    backlog: () => Promise.resolve([]),
    prune: () => Promise.resolve(0),
  };
  return { outbox, journal };
}

/** A destination that refuses the subjects named here, alone or in a group. */
function destinationThat(faults: Readonly<Record<string, object>>) {
  const written: string[] = [];
  const destination: Destination = {
    name: "fhir",
    grouped: (kind) => kind !== "audit",
    write(subjects) {
      written.push(subjects.map(({ subject }) => subject).join("+"));
      const [fault] = subjects.flatMap(({ subject }) => faults[subject] ?? faults["*"] ?? []);
      if (fault !== undefined) return Promise.reject(Object.assign(new Error("no"), fault));
      return Promise.resolve({ resources: [], studyInstanceUids: subjects.map(() => "1.2") });
    },
    studyInstanceUid: () => Promise.resolve("1.2"),
    ping: () => Promise.resolve(),
  };
  return { destination, written };
}

function deliver(
  { outbox, journal }: ReturnType<typeof outboxWith>,
  { destination, written }: ReturnType<typeof destinationThat>,
) {
  const breaker = new Breaker("fhir", 60_000);
  breakers.push(breaker);
  const groupSize = new GroupSize();
  const claims: string[] = [];
  const onClaimed = () => void claims.push(`before ${written.length} writes, ${journal.length} lines`);
  const again = () =>
    deliverNext(
      { outbox, destination, breaker, holder, groupSize, tracer: NO_TRACER, log, onClaimed },
      new AbortController().signal,
    );
  return { breaker, again, claims, outcome: again() };
}

const REFUSED = { code: "fhir-refused", retryable: false, concerns: "message" };
const FAULT = { code: "fhir-fault", retryable: true, concerns: "message" };
const AWAY = { code: "fhir-unavailable", retryable: true, concerns: "destination" };
const three: Message[] = [
  [1, "p", "s"],
  [2, "q", "t"],
  [3, "p", "s"],
];

test("messages about the same subject are one write of its newest state, and subjects go together", async () => {
  const box = outboxWith(three);
  const to = destinationThat({});
  expect(await deliver(box, to).outcome).toBe("more");
  expect(to.written).toEqual(["s+t"]);
  expect(box.journal).toEqual(["delivered 1,3,2", "release"]);
});

test("others are told of a claim before anything of it is written, and not when there was nothing", async () => {
  const { claims, outcome } = deliver(outboxWith(three), destinationThat({}));
  await outcome;
  expect(claims).toEqual(["before 0 writes, 0 lines"]);
  const none = deliver(outboxWith([]), destinationThat({}));
  expect(await none.outcome).toBe("idle");
  expect(none.claims).toEqual([]);
});

test("what may not be grouped is written alone, in its place", async () => {
  const box = outboxWith([
    [1, "p", "s"],
    [2, "audit", "audit-1"],
    [3, "audit", "audit-2"],
    [4, "q", "t"],
  ]);
  const to = destinationThat({});
  await deliver(box, to).outcome;
  expect(to.written).toEqual(["s", "audit-1", "audit-2", "t"]);
});

test("a refused message fails alone: others of the group and later ones of its own patient go on", async () => {
  const box = outboxWith([
    [1, "p", "bad"],
    [2, "p", "good"],
    [3, "q", "t"],
  ]);
  const to = destinationThat({ bad: REFUSED });
  await deliver(box, to).outcome;
  expect(to.written).toEqual(["bad+good+t", "bad", "good", "t"]);
  expect(box.journal).toEqual(["fail 1 fhir-refused", "delivered 2", "delivered 3", "release"]);
});

test("a message the server stumbles over postpones its patient, whose order holds, and nobody else", async () => {
  const box = outboxWith([
    [1, "p", "bad"],
    [2, "p", "good"],
    [3, "q", "t"],
  ]);
  const to = destinationThat({ bad: FAULT });
  await deliver(box, to).outcome;
  expect(to.written).toEqual(["bad+good+t", "bad", "t"]);
  expect(box.journal).toEqual(["postpone 1,2, tried 1", "delivered 3", "release"]);
});

test("an outage postpones all that was taken, and counts as no attempt of any message", async () => {
  const box = outboxWith(three);
  const to = destinationThat({ "*": AWAY });
  await deliver(box, to).outcome;
  expect(box.journal).toEqual(["postpone 1,3,2, tried ", "release"]);
});

test("a message the server stumbles over ten times fails only when it takes others meanwhile", async () => {
  for (const othersPass of [false, true]) {
    const box = outboxWith([[1, "p", "bad", 9]], othersPass);
    await deliver(box, destinationThat({ bad: FAULT })).outcome;
    expect(box.journal[0]).toBe(othersPass ? "fail 1 fhir-fault" : "postpone 1, tried 1");
  }
});

test("a conflict is tried five times, and so is a fault that nobody classified", async () => {
  for (const fault of [{ code: "fhir-conflict", retryable: true, concerns: "message" }, {}]) {
    const fourth = outboxWith([[1, "p", "bad", 3]]);
    await deliver(fourth, destinationThat({ bad: fault })).outcome;
    expect(fourth.journal[0]).toBe("postpone 1, tried 1");
    const fifth = outboxWith([[1, "p", "bad", 4]]);
    await deliver(fifth, destinationThat({ bad: fault })).outcome;
    expect(fifth.journal[0]).toMatch(/^fail 1/);
  }
});

test("while the breaker is open nothing is claimed and no message is touched", async () => {
  const box = outboxWith(three);
  const { again, outcome, breaker } = deliver(box, destinationThat({ "*": AWAY }));
  await outcome;
  for (let round = 0; round < 4; round += 1) await again();
  expect(breaker.report()).toMatchObject({ state: "open", code: "fhir-unavailable" });
  const before = box.journal.length;
  expect(await again()).toMatchObject({ dueInMilliseconds: expect.any(Number) as number });
  expect(box.journal).toHaveLength(before);
});

test("credentials that are not taken stop everything at once and fail nothing", async () => {
  const box = outboxWith(three);
  const to = destinationThat({ "*": { code: "fhir-unauthorized", retryable: true, concerns: "settings" } });
  const { breaker, outcome } = deliver(box, to);
  await outcome;
  expect(breaker.report()).toMatchObject({ state: "open", code: "fhir-unauthorized" });
  expect(box.journal).toEqual(["postpone 1,3,2, tried ", "release"]);
});

test("a destination that comes back is tried with one message, and then with all", async () => {
  const box = outboxWith(three);
  const faults: Record<string, object> = { "*": AWAY };
  const to = destinationThat(faults);
  const { breaker, again, outcome } = deliver(box, to);
  await outcome;
  for (let round = 0; round < 4; round += 1) await again();
  delete faults["*"];
  breaker.allowProbe();
  to.written.length = 0;
  await again();
  expect(to.written).toEqual(["s"]);
  expect(breaker.report().state).toBe("closed");
  await again();
  expect(to.written).toEqual(["s", "s+t"]);
});

test("a database that goes away meanwhile is nobody's fault: the messages stay as they are", async () => {
  const box = outboxWith(three);
  const to = destinationThat({});
  to.destination.write = () => Promise.reject(new StateUnavailable("away"));
  await expect(deliver(box, to).outcome).rejects.toThrow("away");
  expect(box.journal).toEqual(["release"]);
});

test("requests become smaller while the destination does not answer, and grow again when it does", () => {
  const size = new GroupSize();
  const most = size.most;
  size.tooMuch();
  expect(size.most).toBe(Math.floor(most / 2));
  for (let failure = 0; failure < 10; failure += 1) size.tooMuch();
  expect(size.most).toBe(1);
  for (let success = 0; success < 10; success += 1) size.taken();
  expect(size.most).toBe(most);
});
