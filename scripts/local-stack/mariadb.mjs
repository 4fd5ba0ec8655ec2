import { execFile } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createConnection } from "node:net";
import { userInfo } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/**
 * MariaDB on a Unix socket only, or by TLS too, with the database `neuronova` and its user of the same name.
 *
 * @param {import("./stack-directory.mjs").StackDirectory} layout
 * @param {{ password: string, tls?: import("./store-tls.mjs").ServerTls | undefined }} settings
 * @returns {import("./supervised-process.mjs").ProcessDefinition & { socket: string, url: string, tlsUrl: string | undefined }}
 */
export function mariadbProcess(layout, { password, tls }) {
  const data = join(layout.data, "mariadb");
  const socket = join(layout.sockets, "mysqld.sock");
  const initialSql = join(layout.secrets, "database-account.sql");
  return {
    name: "mariadb",
    command: "mariadbd",
    args: [
      // Read no file of the machine's own database.
      "--no-defaults",
      `--user=${userInfo().username}`,
      `--datadir=${data}`,
      `--socket=${socket}`,
      `--pid-file=${join(layout.run, "mysqld.pid")}`,
      `--init-file=${initialSql}`,
      `--tmpdir=${layout.run}`,
      ...(tls === undefined
        ? ["--skip-networking"]
        : [
            "--bind-address=127.0.0.1",
            `--port=${tls.port}`,
            "--require-secure-transport=ON",
            `--ssl-ca=${tls.ca}`,
            `--ssl-cert=${tls.certificate}`,
            `--ssl-key=${tls.key}`,
          ]),
      "--skip-log-bin",
      "--character-set-server=utf8mb4",
      "--collation-server=utf8mb4_unicode_ci",
      "--innodb-buffer-pool-size=128M",
      "--max-connections=200",
    ],
    directory: layout.run,
    socket,
    url: `mysql://neuronova:${password}@localhost/neuronova?socketPath=${encodeURIComponent(socket)}`,
    tlsUrl: tls && `mysql://neuronova:${password}@localhost:${tls.port}/neuronova?ssl-mode=VERIFY_IDENTITY`,
    readyWithinSeconds: 60,
    stopWithinSeconds: 30,
    beforeStart: async () => {
      writeFileSync(initialSql, accountSql(password), { mode: 0o600 });
      if (!existsSync(data)) await initialise(data, layout.run);
    },
    isReady: () => sendsGreeting(socket),
  };
}

/**
 * Runs at every start, before connections are taken: the account always has the password of the secret file.
 *
 * @param {string} password base64url, so without a quote
 */
function accountSql(password) {
  const account = "'neuronova'@'localhost'";
  return [
    "CREATE DATABASE IF NOT EXISTS neuronova CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;",
    `CREATE USER IF NOT EXISTS ${account} IDENTIFIED BY '${password}';`,
    `ALTER USER ${account} IDENTIFIED BY '${password}';`,
    `GRANT ALL PRIVILEGES ON neuronova.* TO ${account};`,
    "",
  ].join("\n");
}

/**
 * Makes the system tables beside the place and moves them there: an interrupted initialisation is not
 * taken for a database.
 *
 * @param {string} data
 * @param {string} temporary
 */
async function initialise(data, temporary) {
  const unfinished = `${data}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true, mode: 0o700 });
  await run("mariadb-install-db", [
    "--no-defaults",
    `--user=${userInfo().username}`,
    `--datadir=${unfinished}`,
    `--tmpdir=${temporary}`,
    "--auth-root-authentication-method=socket",
    "--skip-test-db",
    "--skip-name-resolve",
  ]);
  renameSync(unfinished, data);
}

/**
 * The server speaks first (protocol 10 handshake) once it takes connections.
 *
 * @param {string} socket
 * @returns {Promise<boolean>}
 */
function sendsGreeting(socket) {
  return new Promise((resolve, reject) => {
    const connection = createConnection(socket);
    connection.setTimeout(1000, () => connection.destroy(new Error("MariaDB does not answer")));
    connection.on("error", reject);
    connection.once("data", (data) => {
      connection.destroy();
      resolve(data[4] === 10);
    });
  });
}
