import { QueryTypes, type Sequelize } from "sequelize";
import { afterAll, beforeAll, expect, test } from "vitest";
import { migrate } from "../../src/adapters/mysql/migrate.js";
import { firstTables } from "../../src/adapters/mysql/migrations/0001-first-tables.js";
import { identity } from "../../src/adapters/mysql/migrations/0002-identity.js";
import { LoneDatabase } from "../stack/lone-database.js";

const ID = "11111111-22222222-33333333-44444444-55555555";
const HASH = "a".repeat(64);
/** What the first version wrote, table by table. */
const WRITTEN: Readonly<Record<string, string>> = {
  study: `(orthanc_id, study_instance_uid, patient_key, patient_id, issuer_of_patient_id, patient_name, patient_birth_date,
    patient_sex, study_date, study_time, study_description, accession_number)
    VALUES ('${ID}', '1.2.3', '${HASH}', 'P-1', '', 'Hong^Gildong=洪^吉洞=홍^길동', '19700101', 'M', '20250301', '0930', 'MR', 'A1')`,
  series: `(orthanc_id, study_id, series_instance_uid, modality, series_description, body_part_examined, state)
    VALUES ('${ID}', '${ID}', '1.2.3.4', 'MR', 'T1', 'BRAIN', 'stable')`,
  instance: `(orthanc_id, series_id, sop_instance_uid, sop_class_uid, file_uuid, transfer_syntax_uid, number_of_frames, rendition)
    VALUES ('${ID}', '${ID}', '1.2.3.4.5', '1.2', '${"b".repeat(36)}', '1.2.840', 1, 'rendered')`,
  account: `(username, display_name, role, password_hash) VALUES ('kim', '김민지', 'doctor', 'not a hash')`,
  event: `(event, study_instance_uid, data) VALUES ('study.synchronised', '1.2.3', '{}')`,
  outbox: `(destination, aggregate, kind, subject, state) VALUES ('fhir', '${HASH}', 'study', '${ID}', 'pending')`,
  position_cursor: `(name, value) VALUES ('changes', 42)`,
};

let database: LoneDatabase;
let fresh: object[];

const schemaOf = (sequelize: Sequelize) =>
  sequelize.query<object>(
    `SELECT table_name, column_name, column_type, is_nullable, column_default, character_set_name
       FROM information_schema.columns WHERE table_schema = DATABASE() ORDER BY table_name, column_name`,
    { type: QueryTypes.SELECT },
  );

const rowsOf = (sequelize: Sequelize, table: string) =>
  sequelize.query<object>(`SELECT * FROM ${table}`, { type: QueryTypes.SELECT });

beforeAll(async () => {
  database = await LoneDatabase.start();
  fresh = await schemaOf(database.sequelize);
});

afterAll(() => database.stop());

test.each([
  ["", []],
  [", though an attempt was killed after its first statement", identity.statements.slice(0, 1)],
])("the first version's database becomes today's and keeps what it held%s", async (_how, done) => {
  await database.sequelize.query("DROP DATABASE neuronova");
  await database.sequelize.query("CREATE DATABASE neuronova CHARACTER SET utf8mb4");
  const sequelize = database.connectAgain();
  try {
    for (const statement of firstTables.statements) await sequelize.query(statement);
    // As the first version kept its book.
    await sequelize.query(
      "CREATE TABLE migration (name VARCHAR(255) NOT NULL PRIMARY KEY, run_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3)) ENGINE=InnoDB",
    );
    await sequelize.query(`INSERT INTO migration (name) VALUES ('${firstTables.name}')`);
    for (const [table, row] of Object.entries(WRITTEN)) await sequelize.query(`INSERT INTO ${table} ${row}`);
    const before = new Map<string, object[]>();
    for (const table of Object.keys(WRITTEN)) before.set(table, await rowsOf(sequelize, table));
    for (const statement of done) await sequelize.query(statement);

    await migrate(sequelize);
    expect(await schemaOf(sequelize)).toEqual(fresh);
    // A migration may add rows of its own.
    const kept = (row: object): unknown => expect.objectContaining(row);
    for (const [table, rows] of before)
      expect(await rowsOf(sequelize, table), table).toEqual(expect.arrayContaining(rows.map(kept)));
    await migrate(sequelize);
    expect(await schemaOf(sequelize)).toEqual(fresh);
  } finally {
    await sequelize.close();
  }
});
