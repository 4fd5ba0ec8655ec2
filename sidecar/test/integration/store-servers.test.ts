import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, connect as connectPlain, type AddressInfo, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { connectRedis, unlessRefused } from "../../src/adapters/redis/connection.js";
import { freePort } from "../stack/free-port.js";
import { LoneDatabase } from "../stack/lone-database.js";
import { closed, makeCertificates, queryDatabase } from "../stack/store-tls.js";

describe("a database server without TLS", () => {
  let database: LoneDatabase;
  /** Before its Unix socket, which is all it listens on. */
  let door: Server;

  beforeAll(async () => {
    database = await LoneDatabase.start();
    const socketPath = new URL(database.url).searchParams.get("socketPath") ?? "";
    door = createServer((client) => {
      const server = connectPlain(socketPath);
      client.pipe(server).pipe(client);
      for (const each of [client, server]) each.on("error", () => undefined);
    });
    door.listen(0, "127.0.0.1");
    await once(door, "listening");
  });
  afterAll(async () => {
    door.close();
    await database.stop();
  });

  test("is refused where TLS is demanded, and served where it is not", async () => {
    const { username, password } = new URL(database.url);
    const { port } = door.address() as AddressInfo;
    const url = `mysql://${username}:${password}@localhost:${port}/neuronova`;
    await expect(queryDatabase({ url: `${url}?ssl-mode=VERIFY_IDENTITY` })).rejects.toThrow(
      "the database is not used: it does not speak TLS, which is demanded",
    );
    await expect(queryDatabase({ url })).resolves.toBeDefined();
  });
});

describe("Redis as docker/redis-entry.sh starts it", () => {
  let directory: string;
  let redis: ChildProcess;
  let port: number;
  /** With the paths of the container and its port replaced by those here. */
  const here = (text: string) =>
    text
      .replaceAll("/run/secrets", directory)
      .replaceAll("/tmp/users.acl", join(directory, "users.acl"))
      .replaceAll("--dir /data", `--dir ${directory}`)
      .replaceAll("6379", String(port));

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "neuronova-entry-"));
    makeCertificates(directory);
    await writeFile(join(directory, "redis-password"), "only-in-this-test");
    port = await freePort();
    const entry = await readFile(new URL("../../../docker/redis-entry.sh", import.meta.url), "utf8");
    redis = spawn("/bin/sh", ["-c", here(entry)], { stdio: "ignore" });
  });
  afterAll(async () => {
    redis.kill("SIGKILL");
    await rm(directory, { recursive: true, force: true });
  });

  test("is healthy by compose.yaml's own question, serves the sidecar's commands by TLS, and nobody without it", async () => {
    const compose = parse(await readFile(new URL("../../../compose.yaml", import.meta.url), "utf8"), {
      merge: true,
    }) as { services: { redis: { healthcheck: { test: string[] } } } };
    const [, question = ""] = compose.services.redis.healthcheck.test;
    const asked = here(question.replaceAll("$$", "$").replace("redis-cli", `redis-cli -p ${port}`));
    const health = async () => {
      const [status] = (await once(spawn("/bin/sh", ["-c", asked], { stdio: "ignore" }), "close")) as [
        number,
      ];
      return status;
    };
    await expect.poll(health, { timeout: 20_000 }).toBe(0);
    const settings = {
      url: `rediss://localhost:${port}/0`,
      password: "only-in-this-test",
      ca: await readFile(join(directory, "store-ca"), "utf8"),
    };
    const connection = connectRedis(settings);
    try {
      expect(await unlessRefused(connection, connection.ping())).toBe("PONG");
      await expect(connection.config("GET", "*")).rejects.toThrow("NOPERM");
    } finally {
      connection.disconnect();
    }
    const plain = connectPlain(port, "127.0.0.1");
    plain.on("error", () => undefined);
    plain.write("PING\r\n");
    await closed(plain);
  });
});
