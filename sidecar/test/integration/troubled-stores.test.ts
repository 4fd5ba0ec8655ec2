import { createConnection } from "mysql2/promise";
import { userInfo } from "node:os";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { connectRedis } from "../../src/adapters/redis/connection.js";
import { runCommand } from "../stack/run-program.js";
import { RunningStack } from "../stack/running-stack.js";

/** Prometheus gives up after 10 s; each figure is waited for for two. */
const IN_TIME_MILLISECONDS = 8_000;

interface Status {
  readonly state: string;
  readonly concerns: readonly { readonly code: string; readonly subject: string }[];
  readonly queues: readonly object[] | null;
  readonly schedules: readonly object[] | null;
}

let stack: RunningStack;
beforeAll(async () => {
  stack = await RunningStack.start();
});
afterAll(() => stack.stop());

const status = () => stack.json<Status>("/api/status");
const ready = async () => {
  const response = await stack.fetch("/api/health/ready");
  return { status: response.status, body: (await response.json()) as { dependencies: object } };
};
const metrics = async () =>
  (await fetch(`http://127.0.0.1:${stack.local.ports.sidecar[0] ?? 0}/metrics`)).text();

/** As the administrator of the database, whom read-only does not bind. */
async function asRoot(statement: string): Promise<void> {
  const socketPath = new URL(stack.local.databaseUrl).searchParams.get("socketPath") ?? "";
  const connection = await createConnection({ user: userInfo().username, socketPath });
  await connection.query(statement);
  await connection.end();
}

async function redis(...command: [string, ...string[]]): Promise<void> {
  const { redisSocket, secrets } = stack.local;
  const connection = connectRedis({ url: `unix://${redisSocket}`, password: secrets.redisPassword });
  await connection.call(...command);
  connection.disconnect();
}

const cases = [
  {
    subject: "redis",
    reason: "Redis takes no writes: its memory is full",
    spoil: () => redis("CONFIG", "SET", "maxmemory", "1"),
    mend: () => redis("CONFIG", "SET", "maxmemory", "0"),
  },
  {
    subject: "database",
    reason: "the database takes no writes: it is read-only",
    spoil: () => asRoot("SET GLOBAL read_only = 1"),
    mend: () => asRoot("SET GLOBAL read_only = 0"),
  },
] as const;

describe.each(cases)("while $subject answers and takes no writes", ({ subject, reason, spoil, mend }) => {
  test("readiness, the status and the doctor say so, and nothing of it afterwards", async () => {
    expect((await ready()).status).toBe(200);
    await spoil();
    try {
      expect(await ready()).toMatchObject({
        status: 503,
        body: { dependencies: { [subject]: { status: "down", reason } } },
      });
      const found = await status();
      expect(found.state).toBe("down");
      expect(found.concerns).toContainEqual({ code: "dependency-down", subject });
      expect((await runCommand(stack, "doctor")).output).toContain(reason);
    } finally {
      await mend();
    }
    await vi.waitFor(async () => expect((await ready()).status).toBe(200), { timeout: 20_000 });
    expect((await status()).concerns).not.toContainEqual({ code: "dependency-down", subject });
  });
});

describe.each([
  { server: "redis", subject: "redis", part: "queues", series: "neuronova_queue_jobs" },
  {
    server: "mariadb",
    subject: "database",
    part: "schedules",
    series: "neuronova_unfinished_oldest_seconds",
  },
] as const)("while $server hangs", ({ server, subject, part, series }) => {
  test("what looks after the installation is answered in time, without what does not answer", async () => {
    await status();
    await vi.waitFor(async () => expect(await metrics()).toContain(`${series}{`));
    const pid = stack.local.processes[server]?.pid ?? 0;
    process.kill(pid, "SIGSTOP");
    try {
      for (let round = 0; round < 2; round += 1) {
        const begun = performance.now();
        const [found, isReady, figures, queues] = await Promise.all([
          status(),
          ready(),
          metrics(),
          stack.fetch("/api/queues"),
        ]);
        expect(performance.now() - begun).toBeLessThan(IN_TIME_MILLISECONDS);
        expect(isReady).toMatchObject({
          status: 503,
          body: { dependencies: { [subject]: { status: "down" } } },
        });
        expect(found.state).toBe("down");
        expect(found.concerns).toContainEqual({ code: "not-known", subject: part });
        expect(found[part]).toBeNull();
        expect(figures).toContain("neuronova_process_cpu_seconds_total");
        expect(queues.status).toBe(server === "redis" ? 503 : 200);
      }
      // What was told a moment before is told for some seconds.
      await vi.waitFor(async () => expect(await metrics()).not.toContain(`${series}{`), { timeout: 20_000 });
    } finally {
      process.kill(pid, "SIGCONT");
    }
    await vi.waitFor(async () => expect((await ready()).status).toBe(200), { timeout: 30_000 });
    await vi.waitFor(async () => expect(await metrics()).toContain(`${series}{`), { timeout: 30_000 });
  });
});

test("a request waits for a database that hangs until nginx would give up, and is told why", async () => {
  const pid = stack.local.processes["mariadb"]?.pid ?? 0;
  await stack.json("/api/studies");
  process.kill(pid, "SIGSTOP");
  try {
    const begun = performance.now();
    const response = await stack.fetch("/api/studies");
    expect(performance.now() - begun).toBeLessThan(55_000);
    expect(response.headers.get("content-type")).toContain("application/problem+json");
    expect(response.status).toBe(503);
  } finally {
    process.kill(pid, "SIGCONT");
  }
  await vi.waitFor(async () => expect((await stack.fetch("/api/studies")).status).toBe(200), {
    timeout: 30_000,
  });
});
