import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { RecordedNginx } from "../stack/recorded-nginx.js";

let nginx: RecordedNginx;

beforeAll(async () => {
  nginx = await RecordedNginx.start();
});

afterAll(() => nginx.stop());

beforeEach(() => void nginx.take());

async function open(text: string): Promise<Socket> {
  const socket = connect(nginx.port, "127.0.0.1");
  socket.on("error", () => undefined);
  await once(socket, "connect");
  socket.write(text);
  return socket;
}

/** The longest of some requests, one after the other. */
async function slowest(requests: number): Promise<number> {
  let longest = 0;
  for (let index = 0; index < requests; index += 1) {
    const begin = performance.now();
    expect((await fetch(`${nginx.address}/api/studies`)).status).toBe(200);
    longest = Math.max(longest, performance.now() - begin);
  }
  return longest;
}

test("hundreds of clients that send their headers or bodies a byte at a time keep nobody waiting, and are put out", async () => {
  const sockets: Socket[] = [];
  for (let index = 0; index < 400; index += 1)
    sockets.push(await open("GET /api/studies HTTP/1.1\r\nHost: a\r\nX-Slow: "));
  for (let index = 0; index < 200; index += 1)
    sockets.push(await open("POST /api/auth/refresh HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n{"));
  const headers = sockets.slice(0, 400);
  const closed = Promise.all(
    headers.map((socket) => new Promise((resolve) => socket.once("close", resolve))),
  );
  const drip = setInterval(() => {
    for (const socket of sockets) if (socket.writable) socket.write("x");
  }, 1_000);
  try {
    expect(await slowest(50)).toBeLessThan(1_000);
    // nginx holds a body until it is whole: the sidecar has heard of none of the slow ones.
    expect(nginx.take().every(({ method }) => method === "GET")).toBe(true);
    // A byte a second does not help: the header's time is for the whole of it.
    await closed;
  } finally {
    clearInterval(drip);
    for (const socket of sockets) socket.destroy();
  }
  expect(await slowest(5)).toBeLessThan(1_000);
});

test("one address gets a number of connections, and no more", async () => {
  const sockets: Socket[] = [];
  try {
    for (let index = 0; index < 520; index += 1)
      sockets.push(await open("POST /api/auth/refresh HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n{"));
    const ask = () => fetch(`${nginx.address}/api/studies`);
    let refused = await ask();
    // A connection counts when nginx has read its header, which on a busy machine is a while after it was sent.
    for (const deadline = Date.now() + 10_000; refused.status !== 429 && Date.now() < deadline;)
      refused = await ask();
    expect(refused.status).toBe(429);
    expect(refused.headers.get("retry-after")).toBe("1");
  } finally {
    for (const socket of sockets) socket.destroy();
  }
  // They count as requests too: the address's burst of 600 is there again after two seconds (nginx/limits.conf).
  await new Promise((resolve) => setTimeout(resolve, 3_000));
});

test("logins from one address are slowed down long before other requests", async () => {
  const statuses = async (path: string, method: string) =>
    (await Promise.all(Array.from({ length: 150 }, () => fetch(nginx.address + path, { method })))).map(
      ({ status }) => status,
    );
  const logins = await statuses("/api/auth/login", "POST");
  expect(logins.filter((status) => status === 200).length).toBeLessThan(90);
  expect(logins.filter((status) => status === 429).length).toBeGreaterThan(40);
  expect(new Set(await statuses("/api/studies", "GET"))).toEqual(new Set([200]));
  for (const path of ["/api/auth/password", "/api/oauth/token", "/api/share-links/exchange"])
    expect((await statuses(path, "POST")).includes(429), path).toBe(true);
});

test("a body has its greatest length, by route", async () => {
  const post = (path: string, bytes: number) =>
    fetch(nginx.address + path, { method: "POST", body: Buffer.alloc(bytes) }).then(({ status }) => status);
  expect(await post("/api/share-links", 2_000_000)).toBe(413);
  expect(await post("/api/auth/login", 100_000)).toBe(413);
  void nginx.take();
  expect(await post("/orthanc/instances?to-orthanc", 16_000_000)).toBe(200);
  expect(nginx.take().map(({ hop, body }) => [hop, body.length])).toContainEqual(["orthanc", 16_000_000]);
  expect(await post("/dicom-web/studies", 30_000_000)).toBe(200);
});

test("a file too large for Orthanc's own interface is refused before it is sent, naming the way for it", async () => {
  void nginx.take();
  const answer = await nginx.send("POST /orthanc/instances", ["Content-Length: 17000000"], "DICM");
  expect(answer.status).toBe(413);
  expect(answer.head).toMatch(/^Content-Type: application\/problem\+json\r?$/m);
  expect(answer.head).toMatch(/^X-Content-Type-Options: nosniff\r?$/m);
  expect(JSON.parse(answer.body)).toMatchObject({
    status: 413,
    type: "urn:neuronova:problem:body-too-large",
    code: "body-too-large",
    detail: expect.stringContaining("STOW-RS to /dicom-web/studies") as string,
  });
  // Without a length, nginx stops at the limit.
  const chunk = `100000\r\n${"x".repeat(0x100000)}\r\n`;
  const unbounded = await nginx.send(
    "POST /orthanc/instances",
    ["Transfer-Encoding: chunked"],
    `${chunk.repeat(18)}0\r\n\r\n`,
  );
  expect(unbounded.status).toBe(413);
  expect(nginx.take()).toEqual([]);
});
