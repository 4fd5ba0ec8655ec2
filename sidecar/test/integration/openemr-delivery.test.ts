import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { MySqlOpenEmrCharts } from "../../src/adapters/mysql/mysql-openemr-charts.js";
import { MySqlOpenEmrLinks } from "../../src/adapters/mysql/mysql-openemr-links.js";
import { MySqlOpenEmrTokens } from "../../src/adapters/mysql/mysql-openemr-tokens.js";
import { OpenEmrRest } from "../../src/adapters/openemr/openemr-rest.js";
import { OpenEmrDestination } from "../../src/openemr/openemr-destination.js";
import type { ReportDocument } from "../../src/openemr/report-documents.js";
import { ServiceUserTokens } from "../../src/openemr/service-user-tokens.js";
import type { MessageKind } from "../../src/outbox/message.js";
import { connectOpenEmr, oauthOf } from "../stack/connect-openemr.js";
import { LoneDatabase } from "../stack/lone-database.js";
import { ISSUER, Records } from "../stack/openemr-records.js";
import { newSecret, OpenEmrServer, type Fault } from "../stack/openemr-server.js";

let database: LoneDatabase;
let openEmr: OpenEmrServer;
let records: Records;
let destination: OpenEmrDestination;
const reports = new Map<number, ReportDocument>();
let next = 1;

beforeAll(async () => {
  [database, openEmr] = await Promise.all([LoneDatabase.start(), OpenEmrServer.start()]);
  await connectOpenEmr(openEmr, new MySqlOpenEmrTokens(database.sequelize, SECRET));
});
afterAll(async () => {
  await openEmr.stop();
  await database.stop();
});
beforeEach(() => {
  records = new Records();
  destination = afterRestart();
});

const SECRET = newSecret();

/** A process that knows nothing but what is in the database. */
function afterRestart(): OpenEmrDestination {
  const tokens = new ServiceUserTokens(oauthOf(openEmr), new MySqlOpenEmrTokens(database.sequelize, SECRET));
  return new OpenEmrDestination({
    api: new OpenEmrRest(`${openEmr.address}/apis/default/api`, tokens, 1_500),
    links: new MySqlOpenEmrLinks(database.sequelize),
    known: new MySqlOpenEmrCharts(database.sequelize),
    issuer: ISSUER,
    emr: records.reads,
    documents: {
      document: (id) => Promise.resolve(reports.get(id) ?? null),
      analysesOfStudy: (studyId) =>
        Promise.resolve([...reports].filter(([, { studyId: of }]) => of === studyId).map(([id]) => id)),
      studyInstanceUid: (id) => Promise.resolve(reports.get(id)?.studyInstanceUid ?? null),
    },
    encounterCategory: "5",
    documentCategory: "/medical_record",
  });
}

const deliver = (kind: MessageKind, subject: string) =>
  destination.write([{ kind, subject }], new AbortController().signal);
const chartsOf = (mrn: string) => openEmr.data.patients.filter(({ pubpid }) => pubpid === mrn);

function report(studyId: string, members: Partial<ReportDocument> = {}): { id: number; fileName: string } {
  const id = next++;
  const fileName = `neuronova-2.25.${id}.pdf`;
  reports.set(id, {
    fileName,
    pdf: Buffer.from(`%PDF-1.3 ${id}`),
    studyId,
    studyInstanceUid: `1.2.${id}`,
    patientKey: "none",
    issuerOfPatientId: ISSUER,
    patientBirthDate: "19700131",
    ...members,
  });
  return { id, fileName };
}

describe("a patient", () => {
  test("is created once, updated afterwards, and keeps what OpenEMR alone knows", async () => {
    const row = records.patient("A-1");
    await deliver("patient", row.id);
    const [chart] = chartsOf("A-1");
    expect(chart).toMatchObject({ fname: "Gildong A-1", lname: "Hong", DOB: "1970-01-31", sex: "Male" });
    Object.assign(chart ?? {}, { race: "kept" });
    records.patients.set(row.id, { ...row, phone: "02-123-4567" });
    destination = afterRestart();
    await deliver("patient", row.id);
    expect(chartsOf("A-1")).toMatchObject([{ phone_contact: "02-123-4567", race: "kept" }]);
  });

  test("of another assigning authority is no patient of OpenEMR's", async () => {
    const before = openEmr.data.patients.length;
    await deliver("patient", records.patient("Z", { identifiers: [{ issuer: "OTHER", value: "Z" }] }).id);
    expect(openEmr.data.patients).toHaveLength(before);
  });

  test("who has a chart with this public identifier is not created again", async () => {
    openEmr.data.addPatient({ fname: "Gil", lname: "Hong", DOB: "1970-01-31", sex: "Male", pubpid: "A-2" });
    await deliver("patient", records.patient("A-2").id);
    expect(chartsOf("A-2")).toMatchObject([{ fname: "Gildong A-2" }]);
  });

  test("whose chart contradicts in what names a person is left to people", async () => {
    openEmr.data.addPatient({
      fname: "Other",
      lname: "Hong",
      DOB: "1970-01-31",
      sex: "Female",
      pubpid: "A-3",
    });
    await expect(deliver("patient", records.patient("A-3").id)).rejects.toMatchObject({
      code: "openemr-identity-conflict",
      retryable: false,
    });
    expect(chartsOf("A-3")).toMatchObject([{ fname: "Other" }]);
  });

  test("changed in OpenEMR since our last write is not written over, unless a person replays the message", async () => {
    const row = records.patient("A-4");
    await deliver("patient", row.id);
    openEmr.data.changePatient(chartsOf("A-4")[0]?.["uuid"] ?? "", { city: "Busan" });
    records.patients.set(row.id, { ...row, phone: "1" });
    await expect(deliver("patient", row.id)).rejects.toThrow(
      "changed in OpenEMR meanwhile: city, phone_contact",
    );
    expect(chartsOf("A-4")).toMatchObject([{ city: "Busan", phone_contact: "" }]);
    await deliver("patient", row.id);
    expect(chartsOf("A-4")).toMatchObject([{ city: "", phone_contact: "1" }]);
  });

  test("that OpenEMR refuses fails with the members it names, and its answer is kept apart", async () => {
    const row = records.patient("A-5", { name: { alphabetic: { family: "O", given: "X" } } });
    const fault: unknown = await deliver("patient", row.id).catch((error: unknown) => error);
    expect(fault).toMatchObject({
      code: "openemr-refused",
      retryable: false,
      message: "OpenEMR answered HTTP 400: lname",
    });
    expect((fault as { outcome: string }).outcome).toContain("TOO_SHORT");
    expect(JSON.stringify(fault)).not.toContain("TOO_SHORT");
  });

  test("entered in error here is withdrawn in OpenEMR by a person: its API cannot", async () => {
    const row = records.patient("A-6");
    await deliver("patient", row.id);
    records.patients.set(row.id, { ...row, status: "entered-in-error" });
    await expect(deliver("patient", row.id)).rejects.toThrow("do it in OpenEMR");
  });
});

/** What may come of a write: each leaves the sender without knowing. */
const UNCERTAIN: Readonly<Record<string, Fault>> = {
  "done, then the connection is reset": { kind: "done-then", what: "reset" },
  "done, then an error page with status 200": { kind: "done-then", what: "html" },
  "done, then 500": { kind: "done-then", what: 500 },
  "not done, the connection is reset": { kind: "reset" },
  "not done, silence": { kind: "silence" },
  "not done, 429": { kind: "status", status: 429, headers: { "Retry-After": "7" } },
  "not done, 503": { kind: "status", status: 503 },
};

describe.each(Object.entries(UNCERTAIN))("a write that is %s", (name, fault) => {
  const mrn = name.replaceAll(/\W/g, "").slice(0, 20);

  test("is one patient, one encounter, one of each drug when it is tried again by another process", async () => {
    const row = records.patient(`B-${mrn}`);
    openEmr.failNext(/^POST \/patient$/, fault);
    await expect(deliver("patient", row.id)).rejects.toMatchObject({ retryable: true });
    destination = afterRestart();
    await deliver("patient", row.id);
    expect(chartsOf(`B-${mrn}`)).toHaveLength(1);

    const encounter = records.encounter(row.id);
    openEmr.failNext(/^POST .*\/encounter$/, fault);
    await expect(deliver("encounter", encounter.id)).rejects.toMatchObject({ retryable: true });
    destination = afterRestart();
    await deliver("encounter", encounter.id);
    const { uuid } = chartsOf(`B-${mrn}`)[0] ?? {};
    expect(openEmr.data.encounters.filter(({ puuid }) => puuid === uuid)).toMatchObject([
      { date: "2025-03-02 12:04:05", reason: "Headache", class_code: "AMB", external_id: encounter.id },
    ]);

    // The same drug twice: two lines, not one and not three.
    const order = records.prescription(row.id, ["Amlodipine", "Amlodipine", "Losartan"]);
    openEmr.failNext(/^POST .*\/medication$/, fault);
    await expect(deliver("order", order.id)).rejects.toMatchObject({ retryable: true });
    destination = afterRestart();
    await deliver("order", order.id);
    const { pid } = chartsOf(`B-${mrn}`)[0] ?? {};
    const lines = openEmr.data.medications.filter((line) => line["pid"] === pid);
    expect(lines.map(({ title }) => title?.split(",")[0]).sort()).toEqual([
      "Amlodipine",
      "Amlodipine",
      "Losartan",
    ]);
    expect(lines[0]).toMatchObject({ begdate: "2025-03-02 03:04:05", enddate: "2025-03-16 03:04:05" });
  });

  test("is one document, or a question to a person where OpenEMR does not list it; never two", async () => {
    const row = records.patient(`C-${mrn}`);
    records.studies.set(`study-${mrn}`, row.id);
    const { id, fileName } = report(`study-${mrn}`);
    openEmr.failNext(/^POST .*\/document$/, fault);
    await expect(deliver("analysis", String(id))).rejects.toMatchObject({ retryable: true });
    destination = afterRestart();
    const filed = () => openEmr.data.documents.filter(({ filename }) => filename === fileName);
    const second: unknown = await deliver("analysis", String(id)).catch((error: unknown) => error);
    const wasDone = name.startsWith("done");
    const isSure = name.includes("429");
    if (wasDone || isSure) expect(second).toEqual({ resources: [], studyInstanceUids: [`1.2.${id}`] });
    else {
      // An empty category and a missing list are one answer: nobody knows.
      expect(second).toMatchObject({ code: "openemr-uncertain", retryable: false });
      expect(filed()).toHaveLength(0);
      await deliver("analysis", String(id));
    }
    expect(filed()).toHaveLength(1);
    await deliver("analysis", String(id));
    expect(filed()).toHaveLength(1);
  });
});

describe("a report", () => {
  test("arrives byte by byte, in the chart of the person the images are of, by OpenEMR's own number", async () => {
    const row = records.patient("D-1");
    records.studies.set("study-d", row.id);
    const { id, fileName } = report("study-d");
    await deliver("analysis", String(id));
    const filed = openEmr.data.documents.find(({ filename }) => filename === fileName);
    expect(filed).toMatchObject({ pid: chartsOf("D-1")[0]?.["pid"], path: "/medical_record" });
    expect(filed?.bytes.toString()).toBe(`%PDF-1.3 ${id}`);
  });

  test("is not filed under another birth date", async () => {
    const row = records.patient("D-2");
    records.studies.set("study-d2", row.id);
    const { id, fileName } = report("study-d2", { patientBirthDate: "19800101" });
    await expect(deliver("analysis", String(id))).rejects.toMatchObject({
      code: "openemr-identity-conflict",
    });
    expect(openEmr.data.documents.some(({ filename }) => filename === fileName)).toBe(false);
  });

  test("of a patient of this authority without a chart fails visibly; of another authority it is none of OpenEMR's", async () => {
    const own = report("nobody");
    await expect(deliver("analysis", String(own.id))).rejects.toThrow("no chart for the patient");
    const foreign = report("nobody", { issuerOfPatientId: "ELSEWHERE" });
    expect(await deliver("analysis", String(foreign.id))).toEqual({
      resources: [],
      studyInstanceUids: [null],
    });
  });
});

describe("a study that comes to a patient later", () => {
  test("brings the reports that had no chart", async () => {
    const { id, fileName } = report("study-late");
    await expect(deliver("analysis", String(id))).rejects.toThrow("no chart");
    records.studies.set("study-late", records.patient("D-3").id);
    await deliver("study", "study-late");
    expect(openEmr.data.documents.filter(({ filename }) => filename === fileName)).toHaveLength(1);
  });
});

describe("while OpenEMR is away", () => {
  test("a fault is the destination's, of nothing that was sent, and the time it asks for is kept to", async () => {
    const row = records.patient("E-1");
    openEmr.goAway();
    await expect(deliver("patient", row.id)).rejects.toMatchObject({
      code: "openemr-unavailable",
      concerns: "destination",
    });
    openEmr.comeBack();
    openEmr.failNext(/^GET \/patient$/, { kind: "status", status: 429, headers: { "Retry-After": "7" } });
    await expect(deliver("patient", row.id)).rejects.toMatchObject({
      code: "openemr-busy",
      retryAfterMilliseconds: 7_000,
    });
    await deliver("patient", row.id);
    expect(chartsOf("E-1")).toHaveLength(1);
  });

  test("nothing is written by its FHIR API, which answers 405 for documents and reports", () => {
    expect(openEmr.requests.some((request) => request.startsWith("POST"))).toBe(true);
    expect(openEmr.fhirWrites).toBe(0);
  });
});
