import { once } from "node:events";
import { residentMegabytes } from "./measure/resident-megabytes.mjs";
import { percentile } from "./measure/result.mjs";
import { study } from "./measure/reported-studies.mjs";
import { onStack, orthancAuthorization, storeImages } from "./measure/running-stack.mjs";
import { bareSockets } from "./measure/bare-sockets.mjs";

const SOCKETS = 1_000;
const AT_ONCE = 50;
/** nginx takes 512 connections of an address: these come from several of the loopback's. */
const SOCKETS_OF_AN_ADDRESS = 250;
const SLICES = 24;
const LARGEST_GROWTH_MEGABYTES = 200;

/**
 * A thousand clients hear the events of studies that arrive, through nginx: what the api process grows by, whether each
 * hears all, and how much later the last hears than the first. Beside it, what a bare `ws` server grows by.
 *
 * @returns {Promise<import("./measure/result.mjs").Measurement>}
 */
export async function measure() {
  const [warmUp, measured] = await Promise.all([study(801, SLICES), study(802, SLICES)]);
  const bareGrowth = await bareSockets(SOCKETS);
  return onStack(
    async (stack, events, token) => {
      const store = async (/** @type {typeof warmUp} */ images, /** @type {number} */ before) => {
        await storeImages(stack.orthancUrl, orthancAuthorization(stack), images);
        await events.until("renditions", (heard) => heard("instance.rendered") >= before + SLICES, 120);
      };
      await store(warmUp, 0);
      const api = /** @type {number} */ (stack.processes["sidecar-api"]?.pid);
      const before = residentMegabytes(api);
      /** @type {Map<number, number[]>} when each event, by its number, was heard */
      const heardAt = new Map();
      const sockets = await connect(stack.address, token, (sequence) => {
        const times = heardAt.get(sequence);
        if (times === undefined) heardAt.set(sequence, [performance.now()]);
        else times.push(performance.now());
      });
      const open = residentMegabytes(api);
      await store(measured, SLICES);
      const all = () => [...heardAt.values()].every(({ length }) => length === SOCKETS);
      for (let look = 0; look < 100 && !all(); look += 1) await new Promise((done) => setTimeout(done, 100));
      if (!all()) throw new Error("not every client heard every event");
      const after = residentMegabytes(api);
      for (const socket of sockets) socket.terminate();
      const spreads = [...heardAt.values()].map((times) => Math.max(...times) - Math.min(...times));
      return {
        metrics: {
          sockets: SOCKETS,
          events: heardAt.size,
          grownWhenOpenMegabytes: open - before,
          grownAfterEventsMegabytes: after - before,
          bareGrownMegabytes: bareGrowth,
          firstToLastP50Milliseconds: percentile(spreads, 0.5),
          firstToLastP95Milliseconds: percentile(spreads, 0.95),
        },
        ratio: (after - before) / LARGEST_GROWTH_MEGABYTES,
        of: "what the api process grows by for 1,000 clients, events to each included, over 200 MB",
        target: { atMost: 1 },
      };
    },
    undefined,
    { NEURONOVA_STABLE_AFTER_SECONDS: "3600" },
  );
}

/**
 * @param {string} address
 * @param {string} token
 * @param {(sequence: number) => void} onEvent
 */
async function connect(address, token, onEvent) {
  const { WebSocket } = await import("ws");
  /** @type {import("ws").WebSocket[]} */
  const sockets = [];
  const one = async () => {
    const localAddress = `127.0.0.${2 + Math.floor(sockets.length / SOCKETS_OF_AN_ADDRESS)}`;
    const socket = new WebSocket(`${address.replace("http", "ws")}/api/events`, { localAddress });
    sockets.push(socket);
    await once(socket, "open");
    const ready = once(socket, "message");
    socket.send(JSON.stringify({ type: "authenticate", token }));
    const [first] = await ready;
    if (JSON.parse(String(first)).type !== "ready") throw new Error(`a client was told ${String(first)}`);
    socket.on("message", (data) => {
      const message = JSON.parse(String(data));
      if (message.type === "event") onEvent(message.sequence);
    });
  };
  for (let opened = 0; opened < SOCKETS; opened += AT_ONCE)
    await Promise.all(Array.from({ length: AT_ONCE }, one));
  return sockets;
}
