import { statfs } from "node:fs/promises";
import { QueryTypes } from "sequelize";
import type { Installation } from "./diagnose.js";
import type { Config } from "../config.js";
import { orthancSettings, type Connections } from "../connections.js";
import { migrationState } from "../adapters/mysql/migrate.js";
import { OrthancHttp } from "../adapters/orthanc/http.js";
import { databaseTakesWrites } from "../adapters/mysql/takes-writes.js";
import { unlessRefused } from "../adapters/redis/connection.js";
import { outboxOverview } from "../outbox/overview.js";
import { redisTakesWrites } from "../adapters/redis/takes-writes.js";
import { accepted } from "../adapters/orthanc/orthanc-archive.js";
import { validUntil } from "../transport-security/peer-certificate.js";
import { databaseSpeaksTls } from "../transport-security/store-settings.js";

/** The real installation, for the doctor. */
export function lookAtInstallation(config: Config, connections: Connections): Installation {
  const { sequelize, commands, fhir, openEmr, deadLetters } = connections;
  /** As the server tells it: the driver resumes sessions, which show no certificate. */
  async function certifiedUntil(): Promise<Date | null> {
    if (!databaseSpeaksTls(config.NEURONOVA_DATABASE_URL)) return null;
    const [row] = await sequelize.query<{ Value: string }>("SHOW STATUS LIKE 'Ssl_server_not_after'", {
      type: QueryTypes.SELECT,
    });
    return row === undefined ? null : new Date(row.Value);
  }
  return {
    async database() {
      await databaseTakesWrites(sequelize);
      const [row] = await sequelize.query<{ version: string; now: number | string }>(
        "SELECT VERSION() AS version, ROUND(UNIX_TIMESTAMP(NOW(3)) * 1000) AS now",
        { type: QueryTypes.SELECT },
      );
      if (row === undefined) throw new Error("the database answers nothing");
      return { version: row.version, now: Number(row.now), certified: await certifiedUntil() };
    },
    migrations: () => migrationState(sequelize),
    async redis() {
      await redisTakesWrites(commands);
      const asked = Promise.all([commands.time(), commands.info("server"), commands.info("memory")]);
      const [[seconds, micros], info, memory] = await unlessRefused(commands, asked);
      return {
        version: /^redis_version:(\S+)/m.exec(info)?.[1] ?? "unknown",
        now: Number(seconds) * 1_000 + Number(micros) / 1_000,
        evicts: !/^maxmemory_policy:noeviction/m.test(memory),
        certified: validUntil(commands.stream),
      };
    },
    async orthanc() {
      const http = new OrthancHttp(orthancSettings(config));
      try {
        const json = async (path: string) =>
          JSON.parse(accepted(await http.get(path)).body.toString("utf8")) as unknown;
        const [system, plugins] = await Promise.all([json("/system"), json("/plugins")]);
        return { version: (system as { Version: string }).Version, plugins: plugins as string[] };
      } finally {
        await http.close();
      }
    },
    fhir: () => fhir.ping(),
    openEmr:
      openEmr &&
      (async () => {
        if ((await openEmr.vault.read()) === null) return false;
        await openEmr.api.patientPage({ offset: 0, limit: 1 });
        return true;
      }),
    destinations: () => outboxOverview(connections),
    async failedMessages() {
      return (await deadLetters.counts("failed")).reduce((sum, { count }) => sum + count, 0);
    },
    async disk(directory) {
      const { bavail, blocks, bsize } = await statfs(directory);
      return { free: bavail * bsize, size: blocks * bsize };
    },
  };
}
