/**
 * @typedef {{ type: string, sequence: number, event: string, studyInstanceUid: string, seriesInstanceUid?: string }} Message
 */

/**
 * Hears `/api/events` and counts. When the connection ends, as with its token, it goes on with another, from the event
 * after the last.
 *
 * @param {{ address: string }} stack
 * @param {() => string | Promise<string>} tokenOf one that is good for a while
 * @param {(message: Message) => void} [onEvent]
 */
export async function listen({ address }, tokenOf, onEvent = () => {}) {
  // Installed by the set-up, which runs before this.
  const { WebSocket } = await import("ws");
  /** @type {Map<string, number>} */
  const counts = new Map();
  /** @param {string} event */
  const heard = (event) => counts.get(event) ?? 0;
  /** @type {Set<() => void>} */
  const waiters = new Set();
  let closed = "";
  let isOver = false;
  /** @type {import("ws").WebSocket} */
  let socket;
  /** @type {number | undefined} */
  let since;
  /** @param {string} why */
  const end = (why) => {
    closed = why;
    for (const waiter of waiters) waiter();
  };
  const connect = async () => {
    const token = await tokenOf();
    socket = new WebSocket(`${address.replace("http", "ws")}/api/events`);
    await new Promise((resolve, reject) => {
      let isReady = false;
      socket.once("open", () => socket.send(JSON.stringify({ type: "authenticate", token, since })));
      socket.once("error", reject);
      socket.once("close", (code) => {
        const why = `the connection was closed with ${code}`;
        if (!isReady) reject(new Error(why));
        else if (!isOver) connect().catch((error) => end(`${why}; ${String(error)}`));
      });
      socket.on("message", (data) => {
        const message = /** @type {Message} */ (JSON.parse(String(data)));
        if (message.sequence !== undefined) since = message.sequence;
        if (message.type === "ready") {
          isReady = true;
          resolve(undefined);
        } else {
          counts.set(message.event, heard(message.event) + 1);
          onEvent(message);
        }
        for (const waiter of waiters) waiter();
      });
    });
  };
  await connect();
  return {
    heard,
    /**
     * @param {string} what
     * @param {(heard: (event: string) => number) => boolean} satisfied
     * @param {number} seconds
     * @returns {Promise<void>}
     */
    until(what, satisfied, seconds) {
      return new Promise((resolve, reject) => {
        const timer = setTimeout(
          () => done(() => reject(new Error(`no ${what} within ${seconds} s`))),
          seconds * 1000,
        );
        const look = () => {
          if (satisfied(heard)) done(resolve);
          else if (closed !== "") done(() => reject(new Error(`no ${what}: ${closed}`)));
        };
        /** @param {() => void} finish */
        const done = (finish) => {
          clearTimeout(timer);
          waiters.delete(look);
          finish();
        };
        waiters.add(look);
        look();
      });
    },
    close() {
      isOver = true;
      socket.close();
    },
  };
}
