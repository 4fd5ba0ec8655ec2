import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { createConnection } from "mysql2/promise";
// @ts-expect-error -- plain JavaScript with JSDoc types, checked by `tsc -p scripts`
import { startStack } from "../../../scripts/local-stack/start-stack.mjs";
import { copyPrepared } from "./copy-prepared.js";
import { holdToDescription, insistOnDescription } from "./described-answers.js";
import { EventRecorder } from "./event-recorder.js";

const run = promisify(execFile);

export interface StackProcess {
  readonly pid: number | undefined;
  readonly restarts: number;
  kill(signal: NodeJS.Signals): void;
  stop(): Promise<void>;
  start(): Promise<void>;
  waitUntilReady(): Promise<void>;
}

interface LocalStack {
  readonly address: string;
  readonly orthancUrl: string;
  readonly fhirUrl: string;
  readonly databaseUrl: string;
  readonly redisSocket: string;
  readonly secrets: {
    readonly adminPassword: string;
    readonly doctorPassword: string;
    readonly orthancPassword: string;
    readonly redisPassword: string;
    readonly arrivalSecret: string;
  };
  readonly ports: {
    /** Of a stack with `storesByTls`. */
    readonly tls?: { readonly redis: number; readonly mariadb: number };
    readonly nginx: number;
    readonly orthancHttp: number;
    readonly orthancDicom: number;
    readonly fhir: number;
    readonly sidecar: number[];
  };
  readonly dicomAet: string;
  readonly processes: Readonly<Record<string, StackProcess>>;
  readonly logs: string;
  stop(options?: { readonly atOnce?: boolean }): Promise<void>;
}

export interface StackOptions {
  readonly sidecarProcesses?: readonly (readonly string[])[];
  readonly settings?: Readonly<Record<string, string>>;
  /** The sidecars reach MariaDB and Redis by TLS, with certificates of `scripts/compose`. */
  readonly storesByTls?: boolean;
  /** Pages on other origins that use the stack. */
  readonly embedding?: { readonly origins: readonly string[] };
  /** Puts into the directory what the stack begins with; the prepared tables and accounts unless told. */
  readonly fill?: (directory: string) => Promise<void>;
}

const start = startStack as (
  options: Omit<StackOptions, "fill"> & { directory: string; portRange: { first: number; last: number } },
) => Promise<LocalStack>;

/** Of the processes that run test files at the same time, vitest counts from 1; runs beside each other have lanes. */
const PORTS_OF_A_WORKER = 1_500;
const WORKERS_OF_A_LANE = 2;
const lane = Number(process.env["NEURONOVA_TEST_LANE"] ?? 0);
const worker = (lane * WORKERS_OF_A_LANE + Number(process.env["VITEST_POOL_ID"] ?? 1) - 1) % 8;
const portRange = {
  first: 20_000 + worker * PORTS_OF_A_WORKER,
  last: 20_000 + (worker + 1) * PORTS_OF_A_WORKER,
};

/** The whole stack, real servers in a directory of its own, as `npm start` runs it. */
export class RunningStack {
  private tokenFor: { token: string; until: number } | undefined;

  private constructor(
    readonly local: LocalStack,
    readonly directory: string,
  ) {}

  static async start({ fill = copyPrepared, ...options }: StackOptions = {}): Promise<RunningStack> {
    const directory = await mkdtemp(join(tmpdir(), "neuronova-test-"));
    await fill(directory);
    const local = await start({ ...options, directory, portRange });
    holdToDescription(local.address);
    return new RunningStack(local, directory);
  }

  async stop(): Promise<void> {
    // Half of a short test file would be waiting for servers to put in order what is removed here.
    await this.local.stop({ atOnce: true });
    await rm(this.directory, { recursive: true, force: true });
    insistOnDescription();
  }

  /** An access token of the given account, good for some minutes. */
  async token(username: "admin" | "doctor" = "admin"): Promise<string> {
    if (username === "admin" && this.tokenFor && Date.now() < this.tokenFor.until) return this.tokenFor.token;
    const password =
      username === "admin" ? this.local.secrets.adminPassword : this.local.secrets.doctorPassword;
    const response = await fetch(`${this.local.address}/api/auth/login`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ username, password }),
    });
    if (!response.ok) throw new Error(`login answered ${response.status}: ${await response.text()}`);
    const { accessToken } = (await response.json()) as { accessToken: string };
    if (username === "admin") this.tokenFor = { token: accessToken, until: Date.now() + 300_000 };
    return accessToken;
  }

  /** A request through nginx with the administrator's token. */
  async fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    if (!headers.has("Authorization")) headers.set("Authorization", `Bearer ${await this.token()}`);
    return fetch(this.local.address + path, { ...init, headers });
  }

  /** A request with a body in JSON by the administrator, and what was answered; undefined where nothing was. */
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- what the caller knows of the answer
  async call<T = unknown>(method: string, path: string, body?: object): Promise<{ status: number; body: T }> {
    const response = await this.fetch(path, {
      method,
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } }),
    });
    const text = await response.text();
    return { status: response.status, body: (text === "" ? undefined : JSON.parse(text)) as T };
  }

  async json<T>(path: string): Promise<T> {
    const response = await this.fetch(path);
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
    return (await response.json()) as T;
  }

  /** Orthanc itself, past nginx, as the sidecar sees it. */
  async orthanc(path: string, init: RequestInit = {}): Promise<Response> {
    const credentials = Buffer.from(`neuronova:${this.local.secrets.orthancPassword}`).toString("base64");
    const headers = new Headers(init.headers);
    headers.set("Authorization", `Basic ${credentials}`);
    return fetch(this.local.orthancUrl + path, { ...init, headers });
  }

  async orthancJson<T>(path: string, init: RequestInit = {}): Promise<T> {
    const response = await this.orthanc(path, init);
    if (!response.ok) throw new Error(`Orthanc answered ${response.status} to ${path}`);
    return (await response.json()) as T;
  }

  /** All resources that a search of the FHIR server finds, page by page. */
  async fhir<T>(query: string): Promise<T[]> {
    const found: T[] = [];
    for (let page: string | undefined = `${this.local.fhirUrl}/${query}`; page !== undefined;) {
      const response = await fetch(page, { headers: { Accept: "application/fhir+json" } });
      if (!response.ok) throw new Error(`the FHIR server answered ${response.status} to ${query}`);
      const { entry = [], link = [] } = (await response.json()) as {
        entry?: { resource: T }[];
        link?: { relation: string; url: string }[];
      };
      found.push(...entry.map(({ resource }) => resource));
      page = link.find(({ relation }) => relation === "next")?.url;
    }
    return found;
  }

  /** Runs a statement in the stack's database, past the program. */
  async sql(statement: string): Promise<unknown> {
    const { username, password, pathname, searchParams } = new URL(this.local.databaseUrl);
    const connection = await createConnection({
      user: username,
      password: decodeURIComponent(password),
      database: pathname.slice(1),
      socketPath: searchParams.get("socketPath") ?? "",
    });
    try {
      const [rows] = await connection.query(statement);
      return rows;
    } finally {
      await connection.end();
    }
  }

  events(): Promise<EventRecorder> {
    return EventRecorder.connect(this.local.address, () => this.token());
  }

  /** Sends files over DICOM with dcmtk's storescu, as a modality does. */
  async storeOverDicom(
    files: readonly { readonly fileName: string; readonly bytes: Uint8Array }[],
  ): Promise<void> {
    const directory = await mkdtemp(join(tmpdir(), "neuronova-send-"));
    try {
      for (const { fileName, bytes } of files) await writeFile(join(directory, fileName), bytes);
      await run("storescu", [
        "-aec",
        this.local.dicomAet,
        "+sd",
        "127.0.0.1",
        String(this.local.ports.orthancDicom),
        directory,
      ]);
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  }

  /** Sends files by STOW-RS through nginx. */
  async storeOverWeb(files: readonly Uint8Array[]): Promise<Response> {
    const boundary = "stow-boundary-7f9c";
    const pieces = files.flatMap((file) => [
      Buffer.from(`--${boundary}\r\nContent-Type: application/dicom\r\n\r\n`),
      Buffer.from(file),
      Buffer.from("\r\n"),
    ]);
    return this.fetch("/dicom-web/studies", {
      method: "POST",
      headers: {
        "Content-Type": `multipart/related; type="application/dicom"; boundary=${boundary}`,
        Accept: "application/dicom+json",
      },
      body: Buffer.concat([...pieces, Buffer.from(`--${boundary}--\r\n`)]),
    });
  }
}
