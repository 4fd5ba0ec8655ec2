/**
 * Hears `/api/events` and counts.
 *
 * @param {{ address: string }} stack
 * @param {string} token
 * @param {(message: { event: string, studyInstanceUid: string, seriesInstanceUid?: string }) => void} [onEvent]
 */
export async function listen({ address }, token, onEvent = () => {}) {
  // Installed by the set-up, which runs before this.
  const { WebSocket } = await import("ws");
  /** @type {Map<string, number>} */
  const counts = new Map();
  /** @param {string} event */
  const heard = (event) => counts.get(event) ?? 0;
  /** @type {Set<() => void>} */
  const waiters = new Set();
  let closed = "";
  const socket = new WebSocket(`${address.replace("http", "ws")}/api/events`);
  await new Promise((resolve, reject) => {
    socket.once("open", () => socket.send(JSON.stringify({ type: "authenticate", token })));
    socket.once("error", reject);
    socket.once("close", (code) => {
      closed = `the connection was closed with ${code}`;
      for (const waiter of waiters) waiter();
    });
    socket.on("message", (data) => {
      const message =
        /** @type {{ type: string, event: string, studyInstanceUid: string, seriesInstanceUid?: string }} */ (
          JSON.parse(String(data))
        );
      if (message.type === "ready") resolve(undefined);
      else {
        counts.set(message.event, heard(message.event) + 1);
        onEvent(message);
      }
      for (const waiter of waiters) waiter();
    });
  });
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
    close: () => socket.close(),
  };
}
