import fc from "fast-check";
import { once } from "node:events";
import { connect } from "node:net";
import { afterAll, expect } from "vitest";
import { WebSocket } from "ws";
import { invalidToken } from "../../src/authorization/token-error.js";
import { EventSocket } from "../../src/events/event-socket.js";
import { createLogger } from "../../src/log.js";
import type { StoredEvent } from "../../src/state/events.js";
import { fuzz } from "./fuzz.js";
import { administrator, listening } from "./in-process.js";
import { mutated } from "./mutation.js";

const event: StoredEvent = {
  event: "series.stable",
  studyInstanceUid: "1.2.3",
  sequence: 1,
  time: new Date(0),
};
const log = createLogger("silent", "fuzz");
const faults: unknown[] = [];
log.warn = (...told: unknown[]) => void faults.push(told);
const sockets = new EventSocket(
  {
    record: () => Promise.resolve(),
    authenticate: (token) =>
      token === "good" ? Promise.resolve(administrator) : Promise.reject(invalidToken()),
    mayHear: () => Promise.resolve(true),
    read: { eventsAfter: () => Promise.resolve([event]), cursor: () => Promise.resolve(0) },
    log,
  },
  1,
);
const { server, port } = await listening((_request, response) => response.end());
server.on("upgrade", (request, socket, head) => sockets.accept(request, socket, head));
afterAll(() => {
  sockets.close();
  server.closeAllConnections();
  server.close();
});

const UPGRADE = `GET /api/events HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${Buffer.alloc(16, 7).toString("base64")}\r\n\r\n`;

/** A frame as a client sends it (RFC 6455 5.2), masked with zeros. */
function frame(opcode: number, payload: Buffer, final = true): Buffer {
  const head = [opcode | (final ? 0x80 : 0)];
  if (payload.byteLength < 126) head.push(0x80 | payload.byteLength);
  else head.push(0x80 | 126, payload.byteLength >> 8, payload.byteLength & 0xff);
  return Buffer.concat([Buffer.from(head), Buffer.alloc(4), payload]);
}

const hello = (token: string, since: unknown = null) =>
  frame(1, Buffer.from(JSON.stringify({ type: "authenticate", token, since })));
const good = hello("good", 0);
const conversations = [
  good,
  hello("bad"),
  Buffer.concat([good, frame(9, Buffer.from("ping")), frame(1, Buffer.from("more"))]),
  Buffer.concat([frame(1, Buffer.from('{"type":'), false), frame(0, Buffer.from("1}"))]),
  Buffer.concat([good, frame(8, Buffer.from([0x03, 0xe8]))]),
];
const anyFrame = fc
  .tuple(
    fc.nat(15),
    fc.oneof(
      fc.json().map((json) => Buffer.from(json)),
      fc.uint8Array(),
    ),
    fc.boolean(),
  )
  .map(([opcode, payload, final]) => frame(opcode, Buffer.from(payload), final));
const hellos = fc
  .record({
    type: fc.oneof(fc.constant("authenticate"), fc.jsonValue()),
    token: fc.oneof(fc.constant("good"), fc.jsonValue()),
    since: fc.oneof(fc.integer(), fc.double(), fc.jsonValue()),
  })
  .map((members) => frame(1, Buffer.from(JSON.stringify(members))));

/** Sends bytes and breaks off once they are read. */
async function converse(bytes: Uint8Array): Promise<void> {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => undefined);
  await once(socket, "connect");
  socket.write(UPGRADE);
  await once(socket, "data");
  const closed = once(socket, "close");
  socket.resume();
  socket.end(bytes);
  await closed;
}

/** A client like any other: told its place, and the event after the one it had. */
async function goodClient(): Promise<unknown[]> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/api/events`);
  await once(socket, "open");
  const told: unknown[] = [];
  const both = new Promise<void>((resolve) => {
    socket.on("message", (data: Buffer) => {
      told.push((JSON.parse(data.toString()) as { type: unknown }).type);
      if (told.length === 2) resolve();
    });
  });
  socket.send(JSON.stringify({ type: "authenticate", token: "good", since: 0 }));
  await both;
  socket.terminate();
  return told;
}

fuzz(
  "whatever bytes come over an event socket, it ends and the next client is served",
  fc.oneof(
    mutated(conversations),
    fc.array(anyFrame, { maxLength: 5 }).map((frames) => Buffer.concat(frames)),
    hellos,
  ),
  async (bytes) => {
    await converse(bytes);
    expect(await goodClient()).toEqual(["ready", "event"]);
    expect(faults).toEqual([]);
  },
);
