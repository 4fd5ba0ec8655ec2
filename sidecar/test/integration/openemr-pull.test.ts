import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { MySqlEmr } from "../../src/adapters/mysql/mysql-emr.js";
import { MySqlOpenEmrCharts } from "../../src/adapters/mysql/mysql-openemr-charts.js";
import { MySqlOpenEmrLinks } from "../../src/adapters/mysql/mysql-openemr-links.js";
import { MySqlOpenEmrTokens } from "../../src/adapters/mysql/mysql-openemr-tokens.js";
import { MySqlSynchronisation } from "../../src/adapters/mysql/mysql-synchronisation.js";
import { OpenEmrRest } from "../../src/adapters/openemr/openemr-rest.js";
import { patientKeyOf } from "../../src/dicom/patient-key.js";
import { patientContent } from "../../src/emr/content/patient-content.js";
import { afterWriting } from "../../src/emr/kind-rules.js";
import { pullPatients } from "../../src/openemr/pull-patients.js";
import { settleChart } from "../../src/openemr/settle-chart.js";
import { ServiceUserTokens } from "../../src/openemr/service-user-tokens.js";
import { connectOpenEmr, oauthOf } from "../stack/connect-openemr.js";
import { LoneDatabase } from "../stack/lone-database.js";
import { ISSUER } from "../stack/openemr-records.js";
import { newSecret, OpenEmrServer } from "../stack/openemr-server.js";

let database: LoneDatabase;
let openEmr: OpenEmrServer;
let known: MySqlOpenEmrCharts;
let emr: MySqlEmr;
const secret = newSecret();
const PATIENTS = 450;

beforeAll(async () => {
  [database, openEmr] = await Promise.all([LoneDatabase.start(), OpenEmrServer.start()]);
  await connectOpenEmr(openEmr, new MySqlOpenEmrTokens(database.sequelize, secret));
  known = new MySqlOpenEmrCharts(database.sequelize);
  emr = new MySqlEmr(database.sequelize, () => undefined, ["fhir", "openemr"]);
});
afterAll(async () => {
  await openEmr.stop();
  await database.stop();
});
beforeEach(async () => {
  await database.sequelize.query("DELETE FROM openemr_patient");
  await database.sequelize.query("DELETE FROM openemr_cursor");
  for (const table of ["record", "version", "patient", "identifier", "likeness", "identity_item"])
    await database.sequelize.query(`DELETE FROM emr_${table}`);
  await database.sequelize.query("DELETE FROM openemr_link");
  openEmr.data.keepsOrder = true;
  openEmr.data.patients.length = 0;
  openEmr.data.now = () => "2025-03-02 03:04:05";
  for (let number = 1; number <= PATIENTS; number += 1)
    openEmr.data.addPatient({ fname: `F${number}`, lname: "Kim", DOB: "1970-01-31", sex: "Male" });
});

/** A process that knows nothing but what is in the database. */
function pull(): Promise<number> {
  const tokens = new ServiceUserTokens(oauthOf(openEmr), new MySqlOpenEmrTokens(database.sequelize, secret));
  const api = new OpenEmrRest(`${openEmr.address}/apis/default/api`, tokens, 5_000);
  return pullPatients({
    api,
    known,
    settle: (chart) =>
      settleChart(chart, {
        api,
        known,
        emr,
        links: new MySqlOpenEmrLinks(database.sequelize),
        issuer: ISSUER,
        synchronised: new MySqlSynchronisation(database.sequelize),
      }),
  });
}

/** A record that was there before OpenEMR was. */
async function record(mrn: string, birthDate: string): Promise<void> {
  const content = patientContent.parse({
    identifiers: [{ issuer: ISSUER, value: mrn }],
    name: { alphabetic: { family: "Kim", given: `F${mrn}` } },
    birthDate,
    sex: "male",
  });
  await emr.transaction(async (transaction) => {
    const doctor = { subject: "user:7", display: "Doctor" };
    const row = await transaction.insert("patient", randomUUID(), content, doctor);
    await afterWriting("patient", row, transaction, () => Promise.resolve(false));
  });
}

const keyOf = (patientId: string) => patientKeyOf({ issuerOfPatientId: ISSUER, patientId });
const pages = () => openEmr.requests.filter((request) => request === "GET /patient").length;

describe.each([true, false])("where OpenEMR's list is in the order asked for: %s", (keepsOrder) => {
  test("all are fetched, of equal times too; then only what was changed, wherever it stands", async () => {
    openEmr.data.keepsOrder = keepsOrder;
    expect(await pull()).toBe(PATIENTS);
    expect(await known.cursor()).toBe("2025-03-02 03:04:05");
    expect(await pull()).toBe(0);
    // Within the very second the cursor stands at, and later.
    openEmr.data.changePatient(openEmr.data.patients[3]?.["uuid"] ?? "", { city: "Seoul" });
    openEmr.data.now = () => "2025-03-02 03:09:00";
    openEmr.data.changePatient(openEmr.data.patients[440]?.["uuid"] ?? "", { city: "Busan" });
    expect(await pull()).toBe(2);
    expect((await known.byPatientKey(keyOf("441")))[0]?.patient.city).toBe("Busan");
    expect(await known.cursor()).toBe("2025-03-02 03:09:00");
  });
});

test("when little was changed, little is read", async () => {
  openEmr.data.patients.forEach(
    (row, index) => (row["date"] = `2025-01-01 00:${String(index % 60).padStart(2, "0")}:00`),
  );
  await pull();
  openEmr.data.now = () => "2025-03-03 00:00:00";
  openEmr.data.changePatient(openEmr.data.patients[7]?.["uuid"] ?? "", { city: "Jeju" });
  await pull();
  const before = pages();
  openEmr.data.changePatient(openEmr.data.patients[8]?.["uuid"] ?? "", { city: "Jeju" });
  expect(await pull()).toBe(1);
  expect(pages() - before).toBe(1);
});

test("a reader that fails in the middle moves no cursor, and the next misses nothing", async () => {
  await pull();
  openEmr.data.now = () => "2025-03-05 00:00:00";
  for (const row of openEmr.data.patients) openEmr.data.changePatient(row["uuid"] ?? "", { city: "Daegu" });
  const first = pages();
  openEmr.failWhen(() => pages() - first === 2, { kind: "status", status: 500 });
  await expect(pull()).rejects.toMatchObject({ code: "openemr-busy" });
  expect(await known.cursor()).toBe("2025-03-02 03:04:05");
  // The first page was kept, and is not new any more.
  expect(await pull()).toBe(PATIENTS - 200);
});

test("a chart agrees or contradicts by issuer and id alone, and one that contradicts is kept for a person", async () => {
  await record("1", "1970-01-31");
  await record("2", "1980-12-12");
  await pull();
  expect((await known.byPatientKey(keyOf("1")))[0]).toMatchObject({
    outcome: "agrees",
    differing: [],
  });
  expect((await known.byPatientKey(keyOf("3")))[0]).toMatchObject({ outcome: "agrees" });
  const contradicting = await known.contradicting(10);
  expect(contradicting.map(({ patient, differing }) => [patient.pubpid, differing])).toEqual([
    ["2", ["DOB"]],
  ]);
  expect(Date.now() - (contradicting[0]?.fetchedAt.getTime() ?? 0)).toBeLessThan(60_000);
});
