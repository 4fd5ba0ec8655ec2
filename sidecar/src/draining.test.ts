import { once } from "node:events";
import { Agent, createServer, request, type Server } from "node:http";
import { connect, type AddressInfo } from "node:net";
import { Worker } from "node:worker_threads";
import { beforeEach, describe, expect, test } from "vitest";
import { Draining } from "./draining.js";

let server: Server;
let draining: Draining;
let port: number;
let answer: () => void;
let arrived: Promise<void>;

beforeEach(async () => {
  let hear = () => {};
  arrived = new Promise((resolve) => (hear = resolve));
  server = createServer((asked, response) => {
    if (asked.url === "/slow") answer = () => response.end("late");
    else response.end("at once");
    hear();
  });
  draining = new Draining(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  ({ port } = server.address() as AddressInfo);
});

function ask(path: string, agent: Agent): Promise<{ body: string; connection: string | undefined }> {
  return new Promise((resolve, reject) => {
    request({ host: "127.0.0.1", port, path, agent }, (response) => {
      response.toArray().then((chunks: Buffer[]) => {
        resolve({ body: Buffer.concat(chunks).toString(), connection: response.headers.connection });
      }, reject);
    })
      .on("error", reject)
      .end();
  });
}

describe("a server that ends", () => {
  test("answers what it has begun and what still comes, and says that the connections end", async () => {
    const agent = new Agent({ keepAlive: true });
    const slow = ask("/slow", agent);
    await arrived;
    const ended = draining.end();
    expect(await ask("/", agent)).toEqual({ body: "at once", connection: "close" });
    answer();
    expect(await slow).toEqual({ body: "late", connection: "close" });
    await ended;
    await expect(ask("/", agent)).rejects.toThrow("ECONNREFUSED");
  });

  test("takes what a proxy still sends on an idle connection, and ends it with the answer", async () => {
    const idle = connect(port, "127.0.0.1");
    idle.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    await once(idle, "data");
    const ended = draining.end();
    idle.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    const [late] = (await once(idle, "data")) as [Buffer];
    expect(late.toString()).toContain("Connection: close");
    await ended;
  });

  test("takes new connections until what was asked before is answered", async () => {
    const agent = new Agent();
    const slow = ask("/slow", agent);
    await arrived;
    const begin = performance.now();
    const ended = draining.end();
    // Longer than a proxy keeps an idle connection: what goes on is the answer.
    while (performance.now() - begin < 5_000) {
      expect((await ask("/", agent)).body).toBe("at once");
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    answer();
    expect((await slow).body).toBe("late");
    await ended;
    expect(performance.now() - begin).toBeLessThan(6_000);
  });

  test("stays for the notice, and is asked meanwhile", async () => {
    const noticed = new Draining(server, 400);
    const begin = performance.now();
    const ended = noticed.end();
    await new Promise((resolve) => setTimeout(resolve, 250));
    expect((await ask("/", new Agent())).connection).toBe("close");
    await ended;
    expect(performance.now() - begin).toBeGreaterThanOrEqual(400);
  });

  test("takes nothing new any more when what it waits for takes too long", async () => {
    const agent = new Agent();
    const slow = ask("/slow", agent);
    await arrived;
    const ended = draining.end();
    await new Promise((resolve) => setTimeout(resolve, 6_300));
    await expect(ask("/", agent)).rejects.toThrow("ECONNREFUSED");
    answer();
    expect((await slow).body).toBe("late");
    await ended;
  });

  test("answers who was connected by the kernel while it was busy", async () => {
    const flag = new Int32Array(new SharedArrayBuffer(4));
    const client = new Worker(
      `const { workerData: { port, flag }, parentPort } = require("node:worker_threads");
       const socket = require("node:net").connect(port, "127.0.0.1", () =>
         socket.write("GET / HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n", () => { Atomics.store(flag, 0, 1); Atomics.notify(flag, 0); }));
       socket.on("data", (data) => parentPort.postMessage(String(data)));
       socket.on("error", (error) => parentPort.postMessage(error.code));`,
      { eval: true, workerData: { port, flag } },
    );
    const heard = once(client, "message");
    await once(client, "online");
    // Nothing is accepted here until the request is on its way.
    Atomics.wait(flag, 0, 0, 10_000);
    await draining.end();
    expect((await heard)[0]).toContain("Connection: close");
    await client.terminate();
  });

  test("ends at once where nobody is connected", async () => {
    await draining.end();
    expect(server.listening).toBe(false);
  });
});
