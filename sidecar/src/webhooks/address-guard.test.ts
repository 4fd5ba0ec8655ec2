import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { AddressGuard } from "./address-guard.js";
import { send } from "./send.js";

const nowhere = new AddressGuard([]);
const loopback = new AddressGuard(["127.0.0.0/8"]);
const never = new AbortController().signal;

describe("addresses in digits", () => {
  test.each([
    "https://127.0.0.1/",
    "https://2130706433/",
    "https://0x7f.1/",
    "https://0177.0.0.1/",
    "https://10.1.2.3/",
    "https://172.31.255.255/",
    "https://192.168.0.1/",
    "https://169.254.169.254/latest/meta-data/",
    "https://100.64.0.1/",
    "https://0.0.0.0/",
    "https://255.255.255.255/",
    "https://[::]/",
    "https://[::1]/",
    "https://[::7f00:1]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[::ffff:a9fe:a9fe]/",
    "https://[64:ff9b::a00:1]/",
    "https://[2002:7f00:1::]/",
    "https://[fd00::1]/",
    "https://[fe80::1]/",
    "https://[ff02::1]/",
    "http://8.8.8.8/",
  ])("%s is refused", (address) => {
    expect(() => nowhere.check(new URL(address))).toThrow("address");
  });

  test.each(["https://8.8.8.8/", "https://[2606:4700:4700::1111]/", "https://[::ffff:8.8.8.8]/"])(
    "%s is public",
    (address) => {
      expect(() => nowhere.check(new URL(address))).not.toThrow();
    },
  );

  test("a network of the settings is allowed, by http too, and no other", () => {
    expect(() => loopback.check(new URL("http://127.9.9.9/"))).not.toThrow();
    expect(() => loopback.check(new URL("http://10.0.0.1/"))).toThrow("not public");
  });
});

describe("connections", () => {
  let asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? "");
    if (request.url === "/redirect") response.writeHead(302, { Location: "/elsewhere" }).end();
    else if (request.url === "/endless") {
      response.writeHead(500);
      const more = setInterval(() => response.write("x".repeat(65_536)), 1);
      response.on("close", () => clearInterval(more));
    } else response.writeHead(200).end("ok");
  });
  let port = 0;
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    port = (server.address() as AddressInfo).port;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  const post = (path: string, guard: AddressGuard, host = "localhost") =>
    send(new URL(`http://${host}:${port}${path}`), {}, "{}", guard, never);

  test("a name that leads to a private address is refused before anything is sent", async () => {
    asked = [];
    expect(await post("/", nowhere)).toMatchObject({ kind: "refused-address" });
    expect(asked).toEqual([]);
    expect(await post("/", loopback, "127.0.0.1")).toEqual({ kind: "taken", status: 200 });
  });

  test("a redirect is an answer and not followed", async () => {
    asked = [];
    expect(await post("/redirect", loopback, "127.0.0.1")).toMatchObject({ kind: "answered", status: 302 });
    expect(asked).toEqual(["/redirect"]);
  });

  test("of an answer without end only its beginning is read", async () => {
    const outcome = await post("/endless", loopback, "127.0.0.1");
    expect(outcome).toMatchObject({ kind: "answered", status: 500 });
    expect((outcome as { body: string }).body.length).toBeLessThanOrEqual(2_048);
  });

  test("nobody there is said so", async () => {
    expect(await send(new URL("http://127.0.0.1:1/"), {}, "{}", loopback, never)).toEqual({
      kind: "unreachable",
      reason: "ECONNREFUSED",
    });
  });
});
