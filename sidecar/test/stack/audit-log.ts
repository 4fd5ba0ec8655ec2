import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Sequelize } from "sequelize";
import { QueryTypes } from "sequelize";
import { connect } from "../../src/adapters/mysql/connection.js";
import type { AuditEntry } from "../../src/audit/search.js";
import type { Verification } from "../../src/audit/verify.js";
import type { RunningStack } from "./running-stack.js";

const run = promisify(execFile);
const COMMAND = new URL("../../dist/cli.js", import.meta.url).pathname;

export type Entry = Omit<AuditEntry, "firstAt" | "lastAt"> & {
  readonly firstAt: string;
  readonly lastAt: string;
};

/** The audit trail of a running stack, by its API, its command, and past both in the database. */
export class AuditLog {
  readonly database: Sequelize;

  constructor(private readonly stack: RunningStack) {
    this.database = connect({ url: stack.local.databaseUrl, poolSize: 4 });
  }

  close(): Promise<void> {
    return this.database.close();
  }

  async entries(filter: Record<string, string> = {}): Promise<Entry[]> {
    const query = new URLSearchParams({ limit: "1000", ...filter }).toString();
    return (await this.stack.json<{ entries: Entry[] }>(`/api/audit?${query}`)).entries;
  }

  /** Asks until the entries are as wanted: counts are written within a second. */
  async until(
    description: string,
    filter: Record<string, string>,
    wanted: (entries: Entry[]) => boolean,
  ): Promise<Entry[]> {
    const deadline = Date.now() + 10_000;
    for (;;) {
      const entries = await this.entries(filter);
      if (wanted(entries)) return entries;
      if (Date.now() > deadline) throw new Error(`${description}: ${JSON.stringify(entries, null, 1)}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  /** Resolves when every row has its place in the chain, and the chain is whole. */
  async sealed(): Promise<void> {
    const deadline = Date.now() + 10_000;
    for (;;) {
      const [row] = await this.select<{ waiting: number }>(
        "SELECT COUNT(*) AS waiting FROM audit_record WHERE sequence IS NULL",
      );
      if (row?.waiting === 0) break;
      if (Date.now() > deadline) throw new Error(`${row?.waiting ?? 0} rows are not sealed`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const verification = await this.verify();
    if (!verification.valid) throw new Error(`the chain is broken: ${JSON.stringify(verification)}`);
  }

  verify(): Promise<Verification> {
    return this.stack.json<Verification>("/api/audit/verify");
  }

  /** `neuronova audit …` */
  async command(...args: string[]): Promise<{ status: number; output: string }> {
    const { local } = this.stack;
    const env = {
      PATH: process.env["PATH"] ?? "",
      NEURONOVA_ROLES: "delivery",
      NEURONOVA_DATABASE_URL: local.databaseUrl,
      NEURONOVA_REDIS_URL: `unix://${local.redisSocket}`,
      NEURONOVA_REDIS_PASSWORD: local.secrets.redisPassword,
      NEURONOVA_ORTHANC_URL: local.orthancUrl,
      NEURONOVA_ORTHANC_PASSWORD: local.secrets.orthancPassword,
      NEURONOVA_FHIR_URL: local.fhirUrl,
      NEURONOVA_ARRIVAL_SECRET: "not used by this command",
    };
    try {
      const { stdout } = await run(process.execPath, [COMMAND, "audit", ...args], {
        env,
        maxBuffer: 100_000_000,
      });
      return { status: 0, output: stdout };
    } catch (error) {
      const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
      return { status: code, output: stdout + stderr };
    }
  }

  select<T extends object>(statement: string, replacements: Record<string, unknown> = {}): Promise<T[]> {
    return this.database.query<T>(statement, { replacements, type: QueryTypes.SELECT });
  }

  async change(statement: string, replacements: Record<string, unknown> = {}): Promise<void> {
    await this.database.query(statement, { replacements });
  }
}
