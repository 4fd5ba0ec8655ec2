import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Sequelize } from "sequelize";
import { connect } from "../../src/adapters/mysql/connection.js";
import { defineImagingModels } from "../../src/adapters/mysql/models/imaging.js";
import { defineWorkModels } from "../../src/adapters/mysql/models/work.js";
import { migrate } from "../../src/adapters/mysql/migrate.js";
// @ts-expect-error -- plain JavaScript with JSDoc types, checked by `tsc -p scripts`
import { mariadbProcess } from "../../../scripts/local-stack/mariadb.mjs";
// @ts-expect-error -- as above
import { layOutDirectory } from "../../../scripts/local-stack/stack-directory.mjs";
// @ts-expect-error -- as above
import { SupervisedProcess } from "../../../scripts/local-stack/supervised-process.mjs";

interface Process {
  start(): Promise<void>;
  stop(): Promise<void>;
}

const definition = mariadbProcess as (layout: object, settings: { password: string }) => { url: string };
const layOut = layOutDirectory as (directory: string) => { logs: string };
const Supervised = SupervisedProcess as new (definition: object, surroundings: object) => Process;

/** MariaDB alone, with all tables: for what needs nothing else of the stack. */
export class LoneDatabase {
  private constructor(
    readonly sequelize: Sequelize,
    readonly url: string,
    private readonly process: Process,
    private readonly directory: string,
  ) {}

  static async start(): Promise<LoneDatabase> {
    const directory = await mkdtemp(join(tmpdir(), "neuronova-test-"));
    const layout = layOut(directory);
    const mariadb = definition(layout, { password: "only-in-this-test" });
    const process = new Supervised(mariadb, { logs: layout.logs, onGivenUp: () => undefined });
    await process.start();
    const sequelize = connect({ url: mariadb.url, poolSize: 12 });
    defineImagingModels(sequelize);
    defineWorkModels(sequelize);
    await migrate(sequelize);
    return new LoneDatabase(sequelize, mariadb.url, process, directory);
  }

  /** Another process's connections to it. */
  connectAgain(): Sequelize {
    return connect({ url: this.url, poolSize: 4 });
  }

  async stop(): Promise<void> {
    await this.sequelize.close();
    await this.process.stop();
    await rm(this.directory, { recursive: true, force: true });
  }
}
