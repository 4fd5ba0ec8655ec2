import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { residentMegabytes } from "./resident-megabytes.mjs";

const SELF = fileURLToPath(import.meta.url);

/**
 * What a process that does nothing but keep WebSockets open grows by, in MB.
 *
 * @param {number} count
 */
export async function bareSockets(count) {
  const { WebSocket } = await import("ws");
  const server = fork(SELF);
  try {
    const [port] = await once(server, "message");
    const pid = /** @type {number} */ (server.pid);
    const warmUp = new WebSocket(`ws://127.0.0.1:${port}`);
    await once(warmUp, "message");
    const before = residentMegabytes(pid);
    const sockets = [warmUp];
    while (sockets.length <= count) {
      const socket = new WebSocket(`ws://127.0.0.1:${port}`);
      await once(socket, "message");
      sockets.push(socket);
    }
    const grown = residentMegabytes(pid) - before;
    for (const socket of sockets) socket.terminate();
    return grown;
  } finally {
    server.kill();
  }
}

if (process.argv[1] === SELF) {
  const { WebSocketServer } = await import("ws");
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  server.on("connection", (socket) => socket.send("ready"));
  await once(server, "listening");
  const address = /** @type {import("node:net").AddressInfo} */ (server.address());
  process.send?.(address.port);
}
