import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { createReadStream, createWriteStream, existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";

const run = promisify(execFile);

/**
 * A setting as the sidecar reads it: `NAME`, or the file that `NAME_FILE` names.
 *
 * @param {string} name
 * @returns {Promise<string | undefined>}
 */
async function setting(name) {
  const file = process.env[`${name}_FILE`];
  return file === undefined || file === ""
    ? process.env[name] || undefined
    : (await readFile(file, "utf8")).trim();
}

/** Programs of MariaDB and MySQL, the first that is installed. */
const DUMP = ["mariadb-dump", "mysqldump"];
const CLIENT = ["mariadb", "mysql"];

/**
 * @param {"dump" | "load"} purpose
 * @throws {Error} when the settings name no database, or its client program is not installed: said before hours of copying
 */
export async function checkDatabaseSettings(purpose) {
  await withOptionFile(purpose === "dump" ? DUMP : CLIENT, () => Promise.resolve());
}

/**
 * Writes the whole database at one moment (InnoDB) as SQL. Nobody waits for it.
 *
 * @param {string} file
 */
export async function dumpDatabase(file) {
  const options = ["--single-transaction", "--quick", "--skip-lock-tables", "--no-tablespaces", "--hex-blob"];
  await withClient(DUMP, options, async (client) => {
    await pipeline(client.stdout, createWriteStream(file, { mode: 0o600 }));
  });
}

/** @param {string} file */
export async function loadDatabase(file) {
  await withClient(CLIENT, [], async (client) => {
    await pipeline(createReadStream(file), client.stdin);
  });
}

/** @returns {Promise<boolean>} */
export async function databaseIsEmpty() {
  let tables = "";
  await withClient(CLIENT, ["--skip-column-names", "--execute=SHOW TABLES"], async (client) => {
    tables = await text(client.stdout);
  });
  return tables.trim() === "";
}

/**
 * Runs a client of MariaDB or MySQL on the database of `NEURONOVA_DATABASE_URL`.
 *
 * @param {readonly string[]} programs the first that is installed
 * @param {readonly string[]} options
 * @param {(client: import("node:child_process").ChildProcessWithoutNullStreams) => Promise<void>} work
 */
async function withClient(programs, options, work) {
  await withOptionFile(programs, async (program, optionFile, database) => {
    const client = spawn(program, [`--defaults-file=${optionFile}`, ...options, database]);
    const problem = text(client.stderr);
    const ended = once(client, "close");
    const fault = await work(client).then(
      () => undefined,
      (error) => error,
    );
    // What it writes to is full or gone: it would wait for us for ever.
    if (fault !== undefined) client.kill();
    const [status] = await ended;
    const why = (await problem).trim();
    // Why it ended is on its standard error; that its pipe broke is what followed.
    if (status !== 0 && (fault === undefined || why !== "")) throw new Error(`${program} failed: ${why}`);
    if (fault !== undefined) throw fault;
  });
}

/**
 * Gives the program, and a file with what it needs to reach the database: the password goes by no command line.
 *
 * @param {readonly string[]} programs
 * @param {(program: string, optionFile: string, database: string) => Promise<void>} work
 */
async function withOptionFile(programs, work) {
  const address = await databaseAddress();
  const password =
    decodeURIComponent(address.password) || ((await setting("NEURONOVA_DATABASE_PASSWORD")) ?? "");
  const socket = address.searchParams.get("socketPath");
  const program = installed(programs);
  const directory = await mkdtemp(join(tmpdir(), "neuronova-database-"));
  const optionFile = join(directory, "client.cnf");
  try {
    await writeFile(
      optionFile,
      [
        "[client]",
        `user="${decodeURIComponent(address.username)}"`,
        `password="${password.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`,
        ...(socket === null
          ? // Else "localhost" would be a Unix socket.
            ["protocol=tcp", `host=${address.hostname}`, `port=${address.port || "3306"}`]
          : [`socket="${socket}"`]),
        "default-character-set=utf8mb4",
        ...(address.searchParams.get("ssl-mode") === "VERIFY_IDENTITY" ? await tls(program, directory) : []),
        "",
      ].join("\n"),
      { mode: 0o600 },
    );
    await work(program, optionFile, address.pathname.slice(1));
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** @returns {Promise<URL>} */
async function databaseAddress() {
  const given = await setting("NEURONOVA_DATABASE_URL");
  if (given === undefined) throw new Error("NEURONOVA_DATABASE_URL is not set: it names the database");
  const address = URL.canParse(given) ? new URL(given) : undefined;
  // Not repeated: it may hold a password.
  if (address?.protocol !== "mysql:" || address.pathname.length < 2)
    throw new Error("NEURONOVA_DATABASE_URL is not mysql://USER:PASSWORD@HOST:PORT/DATABASE");
  return address;
}

/**
 * The options by which a client speaks TLS, to a server with a certificate for its host name, or not at all. MariaDB's
 * and MySQL's know different ones, and have the same names.
 *
 * @param {string} program
 * @param {string} directory for the certificates of NEURONOVA_DATABASE_CA
 * @returns {Promise<string[]>} lines of an option file
 */
async function tls(program, directory) {
  const isMariaDb = (await run(program, ["--version"])).stdout.includes("MariaDB");
  const certificates = await setting("NEURONOVA_DATABASE_CA");
  if (certificates === undefined && !isMariaDb)
    throw new Error("MySQL's client programs need NEURONOVA_DATABASE_CA to know a server by");
  const file = join(directory, "ca.pem");
  if (certificates !== undefined) await writeFile(file, `${certificates}\n`, { mode: 0o600 });
  return [
    ...(isMariaDb ? ["ssl", "ssl-verify-server-cert"] : ["ssl-mode=VERIFY_IDENTITY"]),
    ...(certificates === undefined ? [] : [`ssl-ca="${file}"`]),
  ];
}

/** @param {readonly string[]} programs */
function installed(programs) {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  const found = programs.find((program) => folders.some((folder) => existsSync(join(folder, program))));
  if (found === undefined) throw new Error(`none of ${programs.join(", ")} is installed`);
  return found;
}
