import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { WebSocket } from "ws";
import { createPrincipal } from "../authorization/principal.js";
import { createLogger } from "../log.js";
import type { StoredEvent } from "../state/events.js";
import { EventSocket } from "./event-socket.js";

/** Together far more than the buffers of both ends of a connection and the megabyte that is kept for a client. */
const EVENTS = 250;
const FILLING = "x".repeat(100_000);

const stored: StoredEvent[] = [];
const listener = createPrincipal(
  {
    subject: "account:1",
    kind: "account",
    displayName: "",
    role: "admin",
    permissions: ["view"],
    labels: ["*"],
    patient: null,
    studyInstanceUids: null,
    grants: [],
  },
  "token",
  new Date(Date.now() + 600_000),
);
const sockets = new EventSocket(
  {
    record: () => Promise.resolve(),
    authenticate: () => Promise.resolve(listener),
    mayHear: () => Promise.resolve(true),
    read: {
      eventsAfter: (sequence, limit) => Promise.resolve(stored.slice(sequence, sequence + limit)),
      cursor: () => Promise.resolve(0),
    },
    log: createLogger("silent", "test"),
  },
  0,
);
let server: Server;

beforeAll(async () => {
  server = createServer().listen(0, "127.0.0.1");
  server.on("upgrade", (request, socket, head) => {
    countWrites(socket as unknown as Writes);
    sockets.accept(request, socket, head);
  });
  await once(server, "listening");
});

afterAll(() => {
  sockets.close();
  server.close();
});

/** What a stream calls for what is written together (node:stream). */
interface Writes {
  _writev: (chunks: readonly { readonly chunk: Buffer }[], done: () => void) => void;
}

/** The bytes of each write of the newest connection. */
let writes: number[] = [];

function countWrites(socket: Writes): void {
  const written: number[] = [];
  writes = written;
  const write = socket._writev.bind(socket);
  socket._writev = (chunks, done) => {
    written.push(chunks.reduce((bytes, { chunk }) => bytes + chunk.length, 0));
    write(chunks, done);
  };
}

interface Listening {
  readonly socket: WebSocket;
  readonly heard: number[];
  readonly closed: Promise<number>;
  /** What was said before the first event. */
  readonly answer: unknown;
}

async function listen(since: number): Promise<Listening> {
  const socket = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  await once(socket, "open");
  const heard: number[] = [];
  const closed = new Promise<number>((resolve) => socket.once("close", resolve));
  const ready = once(socket, "message");
  socket.on("message", (data: Buffer) => {
    const { type, sequence } = JSON.parse(data.toString()) as { type: string; sequence: number };
    if (type === "event") heard.push(sequence);
  });
  socket.send(JSON.stringify({ type: "authenticate", token: "good", since }));
  const [answer] = (await ready) as [Buffer];
  return { socket, heard, closed, answer: JSON.parse(answer.toString()) as unknown };
}

const upTo = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index + 1);

test("a client that reads too slowly is closed with 4409 after what it was sent, and delays nobody", async () => {
  const [slow, quick] = [await listen(0), await listen(0)];
  const all = new Promise<void>((resolve) => {
    quick.socket.on("message", () => {
      if (quick.heard.length === EVENTS) resolve();
    });
  });
  slow.socket.pause();
  for (let sequence = 1; sequence <= EVENTS; sequence += 1) {
    const event: StoredEvent = {
      event: "series.stable",
      studyInstanceUid: "1.2.3",
      data: { FILLING },
      sequence,
      time: new Date(0),
    };
    stored.push(event);
    await sockets.broadcast([event]);
    // The quick one gets its turn to read.
    await new Promise(setImmediate);
  }
  await all;
  expect(quick.heard).toEqual(upTo(0, EVENTS));
  slow.socket.resume();
  expect(await slow.closed).toBe(4409);
  const last = slow.heard.at(-1) ?? 0;
  expect(slow.heard).toEqual(upTo(0, last));
  expect(last).toBeLessThan(EVENTS);
  quick.socket.close();
}, 60_000);

test("what a client missed is sent in order and without a gap, page by page", async () => {
  stored.splice(0, stored.length, ...upTo(0, 1_700).map((sequence) => ({ ...someEvent, sequence })));
  await sockets.broadcast(stored.slice(-1));
  const { socket, heard } = await listen(3);
  while (heard.length < 1_697) await once(socket, "message");
  expect(heard).toEqual(upTo(3, 1_700));
  socket.close();
});

test("a batch is few writes: of all of its events, of 64 KiB and one event at most", async () => {
  const { socket, heard } = await listen(1_700);
  const before = writes.length;
  const of = (from: number, to: number, data: Record<string, string> = {}) =>
    upTo(from, to).map((sequence) => ({ ...someEvent, sequence, data }));
  await sockets.broadcast(of(1_700, 1_900));
  while (heard.length < 200) await once(socket, "message");
  expect(writes.length - before).toBe(1);
  const filling = "x".repeat(30_000);
  // Together twice what is kept for a client that does not read, which this one does.
  await sockets.broadcast(of(1_900, 1_970, { filling }));
  while (heard.length < 270) await once(socket, "message");
  expect(heard).toEqual(upTo(1_700, 1_970));
  expect(Math.max(...writes)).toBeLessThan(65_536 + 31_000);
  socket.close();
});

test("a client beyond the newest event is told that it missed some, and hears what comes", async () => {
  const newest = 1_970;
  stored.splice(0, stored.length, ...upTo(0, newest).map((sequence) => ({ ...someEvent, sequence })));
  const beyond = await listen(newest + 1_000);
  expect(beyond.answer).toEqual({ type: "ready", sequence: newest, missed: true });
  // Another process has told of the next event, which this one has not read.
  const next = { ...someEvent, sequence: newest + 1 };
  stored.push(next);
  const ahead = await listen(newest + 1);
  expect(ahead.answer).toEqual({ type: "ready", sequence: newest + 1, missed: false });
  const last = { ...someEvent, sequence: newest + 2 };
  stored.push(last);
  await sockets.broadcast([next, last]);
  while (beyond.heard.length < 2) await once(beyond.socket, "message");
  while (ahead.heard.length < 1) await once(ahead.socket, "message");
  expect([beyond.heard, ahead.heard]).toEqual([[newest + 1, newest + 2], [newest + 2]]);
  beyond.socket.close();
  ahead.socket.close();
});

const someEvent: StoredEvent = {
  event: "series.stable",
  studyInstanceUid: "1.2.3",
  sequence: 0,
  time: new Date(0),
};
