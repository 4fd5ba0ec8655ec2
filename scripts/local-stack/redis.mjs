import { createConnection } from "node:net";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Redis on a Unix socket only, or by TLS too. Queue entries survive a crash (append-only file); none is ever evicted.
 *
 * @param {import("./stack-directory.mjs").StackDirectory} layout
 * @param {{ password: string, tls?: import("./store-tls.mjs").ServerTls | undefined }} settings
 * @returns {import("./supervised-process.mjs").ProcessDefinition & { socket: string }}
 */
export function redisProcess(layout, { password, tls }) {
  const data = join(layout.data, "redis");
  const socket = join(layout.sockets, "redis.sock");
  const configuration = join(layout.run, "redis.conf");
  mkdirSync(data, { recursive: true, mode: 0o700 });
  writeFileSync(
    configuration,
    [
      "port 0",
      ...(tls === undefined
        ? []
        : [
            "bind 127.0.0.1",
            `tls-port ${tls.port}`,
            `tls-cert-file "${tls.certificate}"`,
            `tls-key-file "${tls.key}"`,
            `tls-ca-cert-file "${tls.ca}"`,
            "tls-auth-clients no",
          ]),
      `unixsocket "${socket}"`,
      "unixsocketperm 700",
      `requirepass "${password}"`,
      `dir "${data}"`,
      "appendonly yes",
      "appendfsync everysec",
      'save ""',
      "maxmemory-policy noeviction",
      "daemonize no",
      "",
    ].join("\n"),
    { mode: 0o600 },
  );
  return {
    name: "redis",
    command: "redis-server",
    args: [configuration],
    directory: data,
    socket,
    readyWithinSeconds: 20,
    isReady: () => answersPing(socket, password),
  };
}

/**
 * @param {string} socket
 * @param {string} password
 * @returns {Promise<boolean>}
 */
function answersPing(socket, password) {
  return new Promise((resolve, reject) => {
    const connection = createConnection(socket, () => connection.write(`AUTH ${password}\r\nPING\r\n`));
    let answer = "";
    connection.setTimeout(1000, () => connection.destroy(new Error("Redis does not answer")));
    connection.on("error", reject);
    connection.on("data", (data) => {
      answer += data.toString("latin1");
      if (answer.split("\r\n").length < 3) return;
      connection.destroy();
      if (answer.includes("+PONG")) resolve(true);
      else reject(new Error(answer));
    });
  });
}
