import { once } from "node:events";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { WebSocket } from "ws";
import { createDemoStudy } from "../../src/phantom/demo-study.js";
import { SCHEDULES } from "../../src/schedules/schedule.js";
import { endOf, runCommand, startProgramBeside } from "../stack/run-program.js";
import { RunningStack } from "../stack/running-stack.js";

const PROCESSES = ["sidecar-api", "sidecar-api-transcoding-delivery"];
/** Longer than it takes a process to look twice at what is due. */
const TWO_LOOKS_MILLISECONDS = 11_000;

let stack: RunningStack;

beforeAll(async () => {
  stack = await RunningStack.start({
    sidecarProcesses: [["api"], ["api", "transcoding", "delivery"]],
    settings: { NEURONOVA_STABLE_AFTER_SECONDS: "3600" },
  });
  const files = createDemoStudy({ seed: 77, slices: 3, rows: 32, columns: 32 });
  expect((await stack.storeOverWeb(files.map(({ bytes }) => bytes))).status).toBe(200);
});

afterAll(() => stack.stop());

const rows = async <T>(statement: string) => (await stack.sql(statement)) as T[];
const eventually = (check: () => Promise<void>) => vi.waitFor(check, { timeout: 60_000, interval: 200 });

async function runs(): Promise<Map<string, number>> {
  const found = await rows<{ name: string; runs: number }>("SELECT name, runs FROM schedule_run");
  return new Map(found.map(({ name, runs: count }) => [name, count]));
}

async function metric(name: string): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${stack.local.ports.sidecar[0] ?? 0}/metrics`)).text();
  return Number(new RegExp(`^${name} (\\S+)$`, "m").exec(text)?.[1]);
}

async function makeDue(...names: string[]): Promise<void> {
  const which = names.map((name) => `'${name}'`).join(", ");
  await stack.sql(`UPDATE schedule_run SET done_slot = done_slot - INTERVAL 9 DAY WHERE name IN (${which})`);
}

const ALL = SCHEDULES.map(({ name }) => name);

async function untilDone(before: ReadonlyMap<string, number>, names: readonly string[] = ALL): Promise<void> {
  await eventually(async () => {
    const now = await runs();
    for (const name of names) expect(now.get(name) ?? 0, name).toBeGreaterThan(before.get(name) ?? 0);
  });
}

describe("with two processes that could", () => {
  test.each(PROCESSES)("each schedule runs once for its slot, also after %s was killed", async (name) => {
    await untilDone(new Map());
    stack.local.processes[name]?.kill("SIGKILL");
    const before = await runs();
    await makeDue(...ALL);
    await untilDone(before);
    await new Promise((resolve) => setTimeout(resolve, TWO_LOOKS_MILLISECONDS));
    const once = new Map([...before].map(([each, count]) => [each, count + 1]));
    expect(await runs()).toEqual(once);
  });
});

describe("event retention", () => {
  beforeEach(() => untilDone(new Map()));

  /** What a client that comes back with its last number is told first. */
  async function ready(since: number): Promise<{ missed: boolean; sequence: number }> {
    const socket = new WebSocket(`${stack.local.address.replace("http", "ws")}/api/events`);
    await once(socket, "open");
    const answer = once(socket, "message");
    socket.send(JSON.stringify({ type: "authenticate", token: await stack.token(), since }));
    const [data] = (await answer) as [Buffer];
    socket.close();
    return JSON.parse(data.toString()) as { missed: boolean; sequence: number };
  }

  test("removes what is old, keeps the newest number, and tells who comes back too late", async () => {
    const [counted] = await rows<{ count: number; newest: number }>(
      "SELECT COUNT(*) AS count, MAX(sequence) AS newest FROM event",
    );
    expect(counted?.count).toBeGreaterThanOrEqual(6);
    expect((await ready(0)).missed).toBe(false);
    await stack.sql("UPDATE event SET time = time - INTERVAL 60 DAY");
    const before = await runs();
    await makeDue("event-retention");
    await untilDone(before, ["event-retention"]);
    const left = await rows<{ sequence: number }>("SELECT sequence FROM event");
    expect(left).toEqual([{ sequence: counted?.newest }]);
    expect((await ready(1)).missed).toBe(true);
    expect((await ready((counted?.newest ?? 0) - 1)).missed).toBe(false);
    expect((await ready(counted?.newest ?? 0)).missed).toBe(false);
  });
});

test("a broken audit trail is found by the daily verification and shown in metrics; a whole one is 0", async () => {
  expect(await metric("neuronova_audit_first_bad_row")).toBe(0);
  await stack.sql("UPDATE audit_record SET target = CONCAT(target, 'x') WHERE sequence = 2");
  const before = await runs();
  await makeDue("audit-verification");
  await untilDone(before, ["audit-verification"]);
  await eventually(async () => expect(await metric("neuronova_audit_first_bad_row")).toBe(2));
});

test("a backup that was noted is in metrics; what the schedules did is told by the command", async () => {
  expect(await metric("neuronova_backup_last_seconds")).toBe(0);
  expect(await runCommand(stack, "backup", "noted")).toMatchObject({ status: 0 });
  expect(await metric("neuronova_backup_last_seconds")).toBeGreaterThan(Date.now() / 1_000 - 60);
  const { status, output } = await runCommand(stack, "schedules", "status");
  expect(status).toBe(0);
  const told = output.trim().split("\n");
  expect(told.map((line) => (JSON.parse(line) as { name: string }).name)).toEqual(ALL.toSorted());
});

describe("a database that a newer program changed", () => {
  test("is refused by processes and commands, which say why and change nothing", async () => {
    await stack.sql("INSERT INTO migration (name) VALUES ('9999-of-the-future')");
    const command = await runCommand(stack, "account", "list");
    const program = await endOf(startProgramBeside(stack, "main", []));
    await stack.sql("DELETE FROM migration WHERE name = '9999-of-the-future'");
    for (const { status, output } of [command, program]) {
      expect(status).not.toBe(0);
      expect(output).toMatch(/newer than this program.*9999-of-the-future/);
    }
  });

  test("in a way that older ones bear is worked with, so that old and new run side by side", async () => {
    await stack.sql("INSERT INTO migration (name, bears_older) VALUES ('9999-of-the-future', 1)");
    const { status } = await runCommand(stack, "account", "list");
    await stack.sql("DELETE FROM migration WHERE name = '9999-of-the-future'");
    expect(status).toBe(0);
  });
});
