import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { AddressGuard } from "./address-guard.js";
import { send } from "./send.js";

const loopback = new AddressGuard(["127.0.0.0/8"]);
const { signal: never } = new AbortController();
let answer: RequestListener = () => undefined;
const server = createServer((request, response) => answer(request, response));
const url = () => new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);

beforeAll(() => new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve)));
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

test("a receiver that does not answer is given up in time, though garbage is collected meanwhile", async () => {
  answer = () => undefined;
  setFlagsFromString("--expose-gc");
  const collecting = setInterval(runInNewContext("gc") as () => void, 20);
  try {
    const outcomes = await Promise.all(
      Array.from({ length: 4 }, () => send(url(), {}, "{}", loopback, never, 500)),
    );
    for (const outcome of outcomes)
      expect(outcome).toEqual({ kind: "unreachable", reason: "no answer in time" });
  } finally {
    clearInterval(collecting);
  }
});

test("a receiver whose answer does not end is given up in time; its status counts", async () => {
  answer = (_request, response) => response.writeHead(500).write("begun");
  expect(await send(url(), {}, "{}", loopback, never, 500)).toEqual({
    kind: "answered",
    status: 500,
    retryAfterSeconds: undefined,
    body: "begun",
  });
});

test.each([
  ["120", 120],
  ["soon", undefined],
  [new Date(Date.now() - 60_000).toUTCString(), 0],
])("Retry-After: %s", async (header, retryAfterSeconds) => {
  answer = (_request, response) => response.writeHead(503, { "Retry-After": header }).end();
  expect(await send(url(), {}, "{}", loopback, never)).toMatchObject({ kind: "answered", retryAfterSeconds });
});

test("Retry-After names a date", async () => {
  const header = new Date(Date.now() + 600_000).toUTCString();
  answer = (_request, response) => response.writeHead(429, { "Retry-After": header }).end();
  const outcome = await send(url(), {}, "{}", loopback, never);
  expect(outcome).toMatchObject({ retryAfterSeconds: expect.closeTo(600, -1.5) as number });
});
