import { connect } from "../../src/adapters/mysql/connection.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { EmrClient, until, type EmrAnswer } from "../stack/emr-client.js";
import { OpenEmrServer } from "../stack/openemr-server.js";
import type { RunningStack } from "../stack/running-stack.js";
import { startStackWithOpenEmr } from "../stack/stack-with-openemr.js";

interface Item {
  readonly id: string;
  readonly kind: string;
  readonly reasons: readonly string[];
  readonly candidates: readonly string[];
  readonly resolution: { readonly action: string } | null;
}

let openEmr: OpenEmrServer;
let stack: RunningStack;
let client: EmrClient;

beforeAll(async () => {
  openEmr = await OpenEmrServer.start();
  stack = await startStackWithOpenEmr(openEmr, {
    settings: {
      NEURONOVA_OPENEMR_PULL_SECONDS: "1",
      NEURONOVA_BREAKER_RESET_SECONDS: "1",
    },
  });
  client = new EmrClient(stack, await stack.token());
});
afterAll(async () => {
  await stack.stop();
  await openEmr.stop();
});

const person = { fname: "Gildong", lname: "Hong", DOB: "1970-01-31", sex: "Male" };
const blank = {
  street: "",
  city: "",
  state: "",
  postal_code: "",
  country_code: "",
  phone_contact: "",
  email: "",
};
const register = (pubpid: string, rest: Record<string, string> = {}) =>
  openEmr.data.addPatient({ ...blank, ...person, pubpid, ...rest })["uuid"] ?? "";

type Body = EmrAnswer["body"];
const find = async (mrn: string): Promise<Body | undefined> =>
  ((await client.get(`/patients?identifier=HOSPITAL%7C${mrn}`)).body["records"] as Body[])[0];
const found = (mrn: string, holds: (body: Body) => boolean = () => true) =>
  until(`the record of ${mrn}`, async () => {
    const body = await find(mrn);
    return body !== undefined && holds(body) ? body : undefined;
  });
const stateOf = ({ synchronisation }: Body, destination: string) =>
  (synchronisation as { destination: string; state: string }[]).find((one) => one.destination === destination)
    ?.state;
const items = async (state: "open" | "resolved") =>
  (await client.get(`/identity-worklist?state=${state}&limit=200`)).body["items"] as Item[];
const itemAbout = (id: string, state: "open" | "resolved" = "open") =>
  until(`the ${state} question about ${id}`, async () =>
    (await items(state)).find(({ kind, candidates }) => kind === "chart" && candidates.includes(id)),
  );
const resolve = (item: Item, body: object) =>
  client.ask("POST", `/identity-worklist/${item.id}/resolve`, { comment: "looked", ...body });
const writes = () => openEmr.requests.filter((request) => /^(?:POST|PUT) \/patient/.test(request)).length;
/** When this one is a record here, everything that was changed in OpenEMR before has been looked at. */
async function pulled(): Promise<void> {
  const mrn = `mark-${openEmr.data.patients.length}`;
  register(mrn, { lname: `Mark${openEmr.data.patients.length}` });
  await found(mrn);
}

describe("a patient of OpenEMR's who is unknown here", () => {
  test("becomes a record, written by OpenEMR, told to FHIR and not back", async () => {
    const before = writes();
    register("C-1", {
      lname: "홍",
      fname: "길동",
      phone_contact: "02-1",
      street: "1 Jong-ro",
      country_code: "KR",
    });
    const record = await found("C-1", (body) => stateOf(body, "fhir") === "synchronised");
    expect(record).toMatchObject({
      version: 1,
      createdBy: { subject: "openemr", display: "OpenEMR" },
      identifiers: [{ issuer: "HOSPITAL", value: "C-1" }],
      name: { phonetic: { family: "홍", given: "길동" } },
      birthDate: "1970-01-31",
      sex: "male",
      phone: "02-1",
      address: { line: "1 Jong-ro", country: "KR" },
    });
    expect(stateOf(record, "openemr")).toBeUndefined();
    await pulled();
    expect([writes() - before, (await find("C-1"))?.version]).toEqual([0, 1]);
  });

  test("whom no record here can hold is held back and said", async () => {
    const uuid = register("C-2", { email: "none", lname: "Unfit" });
    await pulled();
    expect(await find("C-2")).toBeUndefined();
    const database = connect({ url: stack.local.databaseUrl, poolSize: 1 });
    const [rows] = await database.query(
      `SELECT outcome, differing FROM openemr_patient WHERE remote_uuid = '${uuid}'`,
    );
    await database.close();
    expect(rows).toEqual([{ outcome: "unknown-here", differing: "email" }]);
  });
});

describe("a chart that is changed in OpenEMR", () => {
  test("is followed by the record, without an echo; a change made here afterwards goes there", async () => {
    const uuid = register("C-3", { lname: "Follow" });
    const { id } = await found("C-3");
    const before = writes();
    openEmr.data.changePatient(uuid, { phone_contact: "02-3", lname: "Followed" });
    const record = await found("C-3", (body) => body.version === 2);
    expect(record).toMatchObject({
      phone: "02-3",
      name: { alphabetic: { family: "Followed" } },
      updatedBy: { subject: "openemr" },
    });
    await pulled();
    expect([writes() - before, (await find("C-3"))?.version]).toEqual([0, 2]);
    const changed = await client.patch(`/patients/${id}`, 2, { phone: "02-33" });
    expect(stateOf(changed.body, "openemr")).toBe("synchronised");
    expect(openEmr.data.patients.find((row) => row["uuid"] === uuid)?.["phone_contact"]).toBe("02-33");
    await pulled();
    expect(await find("C-3")).toMatchObject({ version: 3, phone: "02-33" });
  });

  test("by our own writing leaves the record as it is", async () => {
    const { body } = await client.ask("POST", "/patients", {
      identifiers: [{ issuer: "HOSPITAL", value: "C-4" }],
      name: { alphabetic: { family: "Own", given: "Writing" } },
      birthDate: "1980-02-28",
      sex: "other",
    });
    expect(stateOf(body, "openemr")).toBe("synchronised");
    await pulled();
    await pulled();
    expect(await find("C-4")).toMatchObject({ version: 1, sex: "other" });
    expect((await items("open")).filter(({ candidates }) => candidates.includes(body.id))).toEqual([]);
  });

  test("while the record is changed here too is a question; the answer `link` takes over what OpenEMR says", async () => {
    const uuid = register("C-5", { lname: "Both" });
    const { id } = await found("C-5");
    openEmr.goAway();
    const changed = await client.patch(`/patients/${id}`, 1, { phone: "02-here" });
    expect(changed.body).toMatchObject({ degraded: "will synchronise" });
    openEmr.data.changePatient(uuid, { phone_contact: "02-there" });
    openEmr.comeBack();
    const item = await itemAbout(id);
    expect(item.reasons).toEqual(["changed-here-too"]);
    expect(await find("C-5")).toMatchObject({ version: 2, phone: "02-here" });
    expect(openEmr.data.patients.find((row) => row["uuid"] === uuid)?.["phone_contact"]).toBe("02-there");
    expect((await resolve(item, { action: "link", patientId: id })).status).toBe(200);
    const record = await found("C-5", (body) => stateOf(body, "openemr") === "synchronised");
    expect(record).toMatchObject({ version: 3, phone: "02-there", updatedBy: { subject: "openemr" } });
  });

  test("into another birth date is asked of a person, who may leave both as they are", async () => {
    const uuid = register("C-6", { lname: "Birth" });
    const { id } = await found("C-6");
    openEmr.data.changePatient(uuid, { DOB: "1971-01-31", phone_contact: "02-6" });
    const item = await itemAbout(id);
    expect(item.reasons).toEqual(["birth-date-differs"]);
    expect(await find("C-6")).toMatchObject({ version: 1, birthDate: "1970-01-31", phone: null });
    const stranger = await resolve(item, {
      action: "link",
      patientId: "00000000-0000-4000-8000-000000000000",
    });
    expect(stranger.status).toBe(422);
    expect((await resolve(item, { action: "reject" })).status).toBe(200);
    await pulled();
    await pulled();
    expect((await itemAbout(id, "resolved")).resolution?.action).toBe("reject");
    expect(await find("C-6")).toMatchObject({ version: 1, birthDate: "1970-01-31" });
    // What was decided on is another thing now.
    openEmr.data.changePatient(uuid, { DOB: "1972-01-31" });
    await itemAbout(id);
    openEmr.data.changePatient(uuid, { DOB: "1970-01-31" });
    expect((await itemAbout(id, "resolved")).resolution?.action).toBe("settled");
    expect(await found("C-6", (body) => body.version === 2)).toMatchObject({ phone: "02-6" });
  });
});
