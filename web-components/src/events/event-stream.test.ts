import { expect, test, vi } from "vitest";
import { EventStream } from "./event-stream.js";

class FakeSocket {
  onopen: (() => void) | undefined;
  onmessage: ((message: { data: string }) => void) | undefined;
  onclose: ((event: { code: number }) => void) | undefined;
  readonly sent: string[] = [];
  send(text: string) {
    this.sent.push(text);
  }
  close() {
    this.onclose?.({ code: 1000 });
  }
  say(message: object) {
    this.onmessage?.({ data: JSON.stringify(message) });
  }
}

test("after a break the stream resumes behind the last event it heard, with a new token if the last was refused", async () => {
  vi.useFakeTimers();
  const sockets: FakeSocket[] = [];
  const reasons: string[] = [];
  const stream = new EventStream(
    "ws://x/api/events",
    (reason) => {
      reasons.push(reason);
      return Promise.resolve(`token ${reasons.length}`);
    },
    () => {
      const socket = new FakeSocket();
      sockets.push(socket);
      return socket as unknown as WebSocket;
    },
  );
  const heard: number[] = [];
  const unsubscribe = stream.subscribe(({ sequence }) => heard.push(sequence));
  await vi.advanceTimersByTimeAsync(0);
  sockets[0]?.onopen?.();
  sockets[0]?.say({ type: "ready", sequence: 5 });
  sockets[0]?.say({ type: "event", sequence: 6 });
  sockets[0]?.onclose?.({ code: 4401 });
  await vi.advanceTimersByTimeAsync(1_000);
  sockets[1]?.onopen?.();
  expect(JSON.parse(sockets[1]?.sent[0] ?? "")).toEqual({ type: "authenticate", token: "token 2", since: 6 });
  expect(reasons).toEqual(["initial", "refused"]);
  sockets[1]?.say({ type: "event", sequence: 7 });
  expect(heard).toEqual([6, 7]);
  unsubscribe();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(sockets).toHaveLength(2);
  vi.useRealTimers();
});

test("who was away for longer than events are kept is told that it missed some", async () => {
  const socket = new FakeSocket();
  const stream = new EventStream(
    "ws://x/api/events",
    () => Promise.resolve("token"),
    () => socket as unknown as WebSocket,
  );
  const missed = vi.fn();
  const unsubscribe = stream.subscribe(() => undefined, missed);
  await vi.waitFor(() => expect(socket.onopen).toBeDefined());
  socket.say({ type: "ready", sequence: 5, missed: false });
  expect(missed).not.toHaveBeenCalled();
  socket.say({ type: "ready", sequence: 900, missed: true });
  expect(missed).toHaveBeenCalledOnce();
  // What it heard last may be beyond what the server has: it comes back with what the server named.
  socket.say({ type: "event", sequence: 950 });
  socket.say({ type: "ready", sequence: 10, missed: true });
  socket.onopen?.();
  expect(JSON.parse(socket.sent.at(-1) ?? "")).toMatchObject({ since: 10 });
  unsubscribe();
});

test("elements that come while the first still waits for its token share its connection", async () => {
  let give: (token: string) => void = () => undefined;
  const sockets: FakeSocket[] = [];
  const stream = new EventStream(
    "ws://x/api/events",
    () => new Promise((resolve) => (give = resolve)),
    () => {
      const socket = new FakeSocket();
      sockets.push(socket);
      return socket as unknown as WebSocket;
    },
  );
  const leave = [stream.subscribe(() => undefined), stream.subscribe(() => undefined)];
  await vi.waitFor(() => {
    give("token");
    expect(sockets.length).toBeGreaterThan(0);
  });
  expect(sockets).toHaveLength(1);
  for (const one of leave) one();
});
