import { mkdtemp, readFile, rm } from "node:fs/promises";
import { connect as connectPlain } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createConnection } from "mysql2/promise";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connectRedis, unlessRefused } from "../../src/adapters/redis/connection.js";
import { createDemoStudy } from "../../src/phantom/demo-study.js";
import { backUp } from "../stack/backups.js";
import { endOf, startProgramBeside } from "../stack/run-program.js";
import { RunningStack } from "../stack/running-stack.js";
import { closed, makeCertificates, queryDatabase } from "../stack/store-tls.js";
// @ts-expect-error -- plain JavaScript with JSDoc types, checked by `tsc -p scripts`
import { sign } from "../../../scripts/compose/store-certificates.mjs";

const signFor = sign as (wanted: {
  names: readonly string[];
  key: string;
  ca: string;
  caKey: string;
  to: string;
  days: number;
}) => void;

const NOT_TRUSTED = "its certificate is of no authority that is trusted here";
const OTHER_NAME = "its certificate is for another host name";

let stack: RunningStack;
/** Of an authority that signed nothing here. */
let foreign: string;
let ports: { redis: number; mariadb: number };
let ca: string;

beforeAll(async () => {
  stack = await RunningStack.start({
    storesByTls: true,
    settings: { NEURONOVA_STABLE_AFTER_SECONDS: "0.5" },
  });
  ports = stack.local.ports.tls ?? { redis: 0, mariadb: 0 };
  ca = join(stack.directory, "secrets/store-ca");
  foreign = await mkdtemp(join(tmpdir(), "neuronova-foreign-"));
  makeCertificates(foreign);
});

afterAll(async () => {
  await stack.stop();
  await rm(foreign, { recursive: true, force: true });
});

const databaseUrl = (host = "localhost") => {
  const { username, password } = new URL(stack.local.databaseUrl);
  return `mysql://${username}:${password}@${host}:${ports.mariadb}/neuronova?ssl-mode=VERIFY_IDENTITY`;
};
const byTls = (changes: Record<string, string> = {}) => ({
  NEURONOVA_DATABASE_URL: databaseUrl(),
  NEURONOVA_DATABASE_CA_FILE: ca,
  NEURONOVA_REDIS_URL: `rediss://localhost:${ports.redis}/0`,
  NEURONOVA_REDIS_CA_FILE: ca,
  ...changes,
});

interface Finding {
  readonly check: string;
  readonly state: string;
  readonly finding: string;
  readonly todo?: string;
}
async function doctor(settings: Record<string, string>) {
  const { status, output } = await endOf(startProgramBeside(stack, "cli", ["doctor", "--json"], settings));
  const findings = JSON.parse(output) as Finding[];
  return { status, of: (check: string) => findings.find((finding) => finding.check === check), output };
}

describe("a stack whose sidecar reaches MariaDB and Redis by TLS", () => {
  test("takes a study all the way", async () => {
    const files = createDemoStudy({ seed: 77, slices: 12 });
    const [file] = files;
    const events = await stack.events();
    await stack.storeOverWeb(files.map(({ bytes }) => bytes));
    await events.until("the result in FHIR", () => {
      const succeeded = events.of("analysis.succeeded", file?.studyInstanceUid)[0]?.sequence ?? Infinity;
      return (events.of("study.synchronised", file?.studyInstanceUid).at(-1)?.sequence ?? 0) > succeeded;
    });
    events.close();
    expect(await stack.fhir("DiagnosticReport?_count=10")).toHaveLength(1);
  });

  test("has no connection of the sidecar that is not by TLS", async () => {
    const sockets = (await stack.sql(
      "SELECT host FROM information_schema.processlist WHERE user = 'neuronova' AND id <> CONNECTION_ID()",
    )) as { host: string }[];
    expect(sockets.length).toBeGreaterThan(0);
    // Over the network, where the server takes TLS alone; "localhost" without a port would be the Unix socket.
    for (const { host } of sockets) expect(host).toMatch(/^(?:localhost|127\.0\.0\.1):\d+$/);
    const redis = connectRedis({
      url: `unix://${stack.local.redisSocket}`,
      password: stack.local.secrets.redisPassword,
    });
    redis.on("error", () => undefined);
    try {
      const clients = ((await redis.client("LIST")) as string).trim().split("\n");
      const own = clients.filter((line) => !line.includes("cmd=client"));
      expect(own.length).toBeGreaterThan(3);
      for (const line of own) expect(line).toContain(`laddr=127.0.0.1:${ports.redis}`);
      expect(await redis.config("GET", "port")).toEqual(["port", "0"]);
    } finally {
      redis.disconnect();
    }
  });

  test("takes nobody without TLS", async () => {
    const plain = connectPlain(ports.redis, "127.0.0.1");
    const heard: Buffer[] = [];
    plain.on("data", (data: Buffer) => heard.push(data));
    plain.on("error", () => undefined);
    plain.write("PING\r\n");
    await closed(plain);
    expect(Buffer.concat(heard).toString("latin1")).not.toContain("PONG");

    const { username, password } = new URL(stack.local.databaseUrl);
    const open = (options: object) =>
      createConnection({
        host: "localhost",
        port: ports.mariadb,
        user: username,
        password: decodeURIComponent(password),
        ...options,
      });
    // MariaDB says no more than that; with TLS the same account and password are good.
    await expect(open({})).rejects.toThrow(/Access denied|insecure transport/);
    const allowed = await open({ ssl: { ca: await readFile(ca, "utf8"), verifyIdentity: true } });
    await allowed.end();
  });

  test("is healthy to the doctor, and backed up by TLS", async () => {
    const found = await doctor(byTls());
    for (const check of ["database", "redis"])
      expect(found.of(check), found.output).toMatchObject({
        state: "ok",
        finding: expect.stringMatching(/^answers, .*, by TLS$/) as string,
      });
    expect(found.status).toBe(0);

    const directory = await mkdtemp(join(tmpdir(), "neuronova-backup-"));
    try {
      const made = await backUp(stack, join(directory, "one"), byTls());
      expect(made.status, made.output).toBe(0);
      expect(await readFile(join(directory, "one/database.sql"), "utf8")).toContain(
        "CREATE TABLE `analysis`",
      );
      const wrong = byTls({ NEURONOVA_DATABASE_CA_FILE: join(foreign, "store-ca") });
      const refused = await backUp(stack, join(directory, "other"), wrong);
      expect(refused.status).toBe(1);
      expect(refused.output).toMatch(/dump failed: .*(?:TLS|SSL).*certificate/s);
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  });
});

describe("a certificate of an authority that is not trusted", () => {
  const wrong = () => byTls({ NEURONOVA_REDIS_CA_FILE: join(foreign, "store-ca") });

  test("is refused, and the doctor says so of each", async () => {
    const { of, status, output } = await doctor({
      ...wrong(),
      NEURONOVA_DATABASE_CA_FILE: join(foreign, "store-ca"),
    });
    expect(status).toBe(1);
    for (const check of ["database", "redis"])
      expect(of(check)).toMatchObject({
        state: "failed",
        finding: `is not used: ${NOT_TRUSTED}`,
        todo: expect.stringContaining("NEURONOVA_DATABASE_CA") as string,
      });
    expect(output).not.toContain(stack.local.secrets.redisPassword);
    // The system's authorities are no better.
    const without = await doctor(byTls({ NEURONOVA_REDIS_CA_FILE: "", NEURONOVA_DATABASE_CA_FILE: "" }));
    expect(without.of("database")).toMatchObject({ finding: `is not used: ${NOT_TRUSTED}` });
    expect(without.of("redis")).toMatchObject({ finding: `is not used: ${NOT_TRUSTED}` });
  });

  test("keeps a process from being ready, and is in its log and in readiness", async () => {
    const child = startProgramBeside(stack, "main", [], wrong());
    const ended = endOf(child);
    let log = "";
    child.stdout?.on("data", (data: Buffer) => (log += data.toString()));
    try {
      await expect.poll(() => log, { timeout: 30_000 }).toContain('"msg":"started"');
      const { port } = JSON.parse(
        log.split("\n").find((line) => line.includes('"msg":"started"')) ?? "{}",
      ) as { port: number };
      const ready = await fetch(`http://127.0.0.1:${port}/api/health/ready`);
      expect(ready.status).toBe(503);
      expect(await ready.json()).toMatchObject({
        dependencies: {
          database: { status: "up" },
          redis: { status: "down", reason: `Redis is not used: ${NOT_TRUSTED}` },
        },
      });
      await expect.poll(() => log).toContain(`Redis is not used: ${NOT_TRUSTED}`);
    } finally {
      child.kill("SIGKILL");
      await ended;
    }
  });

  test("of the database keeps a process waiting, which says why", async () => {
    const settings = byTls({ NEURONOVA_DATABASE_CA_FILE: join(foreign, "store-ca") });
    const child = startProgramBeside(stack, "main", [], settings);
    const ended = endOf(child);
    let log = "";
    child.stdout?.on("data", (data: Buffer) => (log += data.toString()));
    try {
      await expect.poll(() => log, { timeout: 30_000 }).toContain(`the database is not used: ${NOT_TRUSTED}`);
      expect(log).not.toContain('"msg":"started"');
    } finally {
      child.kill("SIGKILL");
      await ended;
    }
  });
});

describe("a server that is not the one in the URL", () => {
  test("is refused by its host name: Redis", async () => {
    // The certificate is for localhost; this address is not in it.
    const redis = connectRedis({
      url: `rediss://127.0.0.1:${ports.redis}/0`,
      password: stack.local.secrets.redisPassword,
      ca: await readFile(ca, "utf8"),
    });
    try {
      await expect(unlessRefused(redis, redis.ping())).rejects.toThrow(OTHER_NAME);
    } finally {
      redis.disconnect();
    }
  });

  async function certifyDatabase(...names: string[]): Promise<void> {
    const secrets = join(stack.directory, "secrets");
    const to = join(secrets, "mysql-certificate");
    const caKey = join(secrets, "authority/store-ca-key");
    await rm(to);
    signFor({ names, key: join(secrets, "mysql-key"), ca, caKey, to, days: 5 });
    await stack.local.processes["mariadb"]?.stop();
    await stack.local.processes["mariadb"]?.start();
  }

  test("is found by the doctor before its certificate ends", async () => {
    expect((await doctor(byTls())).output).not.toContain("is valid for");
    await certifyDatabase("localhost");
    const { output, status } = await doctor(byTls());
    expect(JSON.parse(output)).toContainEqual({
      ...{ check: "database", state: "warning", finding: "its certificate is valid for 4 days" },
      todo: expect.stringContaining("Renew it") as string,
    });
    expect(status).toBe(0);
  });

  test("is refused by its host name: the database", async () => {
    const settings = { url: databaseUrl(), ca: await readFile(ca, "utf8") };
    expect(JSON.stringify(await queryDatabase(settings))).toMatch(/TLS_\w+/);
    await certifyDatabase("mysql");
    await expect(queryDatabase(settings)).rejects.toThrow(`the database is not used: ${OTHER_NAME}`);
  });
});
