import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { TRANSFER_SYNTAX } from "../../src/dicom/transfer-syntax.js";
import { People } from "../stack/people.js";
import { RunningStack } from "../stack/running-stack.js";
import { holds, instance, upload, type Described, type Description } from "../stack/uploads.js";

let stack: RunningStack;
let people: People;
let admin: string;

beforeAll(async () => {
  stack = await RunningStack.start();
  people = new People(stack);
  admin = await stack.token();
});

afterAll(() => stack.stop());

const latin1 = (text: string) => Buffer.from(text, "utf8").toString("latin1");

/** Stores it and waits until its study is known here, with a label. */
async function arrived(described: Described, label: string): Promise<void> {
  const events = await stack.events();
  expect((await upload(stack, admin, [described.bytes])).status).toBe(200);
  await events.until("arrival", () => events.of("instance.arrived", described.study).length > 0, 30);
  events.close();
  const path = `/api/studies/${described.study}/labels`;
  expect((await people.call(admin, "PUT", path, { labels: [label] })).status).toBeLessThan(300);
}

describe("who reaches only some studies", () => {
  let nurse: string;
  const own = instance({ patientId: "OWN-1", issuer: "Here" });
  const other = instance({ patientId: "OTHER-1" });
  const korean = instance({ patientId: latin1("환자-1"), characterSet: "ISO_IR 192" });
  const japanese = instance({ patientId: "\x1b$B;3ED\x1b(B-1", characterSet: "\\ISO 2022 IR 87" });
  const anonymous = instance({});

  beforeAll(async () => {
    await arrived(own, "ward-1");
    await arrived(korean, "ward-1");
    await arrived(japanese, "ward-1");
    await arrived(anonymous, "ward-1");
    await arrived(other, "ward-2");
    nurse = await people.token("ward-nurse", "nurse", { labels: ["ward-1"] });
  });

  test.each<[string, Description]>([
    ["of the patient", { study: own.study, patientId: "OWN-1", issuer: "Here" }],
    ["of the patient, padded", { study: own.study, patientId: "OWN-1   ", issuer: " Here" }],
    [
      "of the patient, deflated",
      {
        study: own.study,
        patientId: "OWN-1",
        issuer: "Here",
        syntax: TRANSFER_SYNTAX.DeflatedExplicitVRLittleEndian,
      },
    ],
    [
      "of the patient, big endian",
      { study: own.study, patientId: "OWN-1", issuer: "Here", syntax: TRANSFER_SYNTAX.ExplicitVRBigEndian },
    ],
    [
      "of the Korean patient, in ISO 2022 IR 149",
      { study: korean.study, patientId: "\x1b$)C\xc8\xaf\xc0\xda-1", characterSet: "\\ISO 2022 IR 149" },
    ],
    [
      "of the Japanese patient, in UTF-8",
      { study: japanese.study, patientId: latin1("山田-1"), characterSet: "ISO_IR 192" },
    ],
    ["of the study without a patient", { study: anonymous.study }],
  ])("adds an instance %s", async (_name, description) => {
    const { bytes, sop } = instance(description);
    const answer = await upload(stack, nurse, [bytes]);
    expect(answer, answer.text).toMatchObject({ status: 200, stored: [sop], reasons: [] });
    expect(await holds(stack, sop)).toBe(true);
    const studies = await stack.orthancJson<string[]>("/tools/find", {
      method: "POST",
      body: JSON.stringify({ Level: "Study", Query: { StudyInstanceUID: description.study } }),
    });
    expect(studies).toHaveLength(1);
  });

  test.each<[string, Description]>([
    ["their study, another Patient ID", { study: own.study, patientId: "OTHER-1", issuer: "Here" }],
    ["their study, Patient ID in other capitals", { study: own.study, patientId: "own-1", issuer: "Here" }],
    ["their study, another issuer", { study: own.study, patientId: "OWN-1", issuer: "There" }],
    ["their study, no issuer", { study: own.study, patientId: "OWN-1" }],
    ["their study, no Patient ID", { study: own.study, issuer: "Here" }],
    [
      "their study, a Patient ID out of its character set",
      { study: own.study, patientId: "OWN-\xe9", issuer: "Here" },
    ],
    ["their study, a Patient ID as wildcard", { study: own.study, patientId: "*", issuer: "Here" }],
    ["their study without a patient, some Patient ID", { study: anonymous.study, patientId: "OWN-1" }],
    [
      "the Korean's study, the Patient ID in bytes of another set",
      { study: korean.study, patientId: latin1("환자-1"), characterSet: "ISO_IR 100" },
    ],
    ["another's study, that patient", { study: other.study, patientId: "OTHER-1" }],
    ["another's study, their patient", { study: other.study, patientId: "OWN-1", issuer: "Here" }],
    ["a study that is not known, their patient", { patientId: "OWN-1", issuer: "Here" }],
    [
      "two Patient IDs",
      {
        study: own.study,
        patientId: "OWN-1",
        issuer: "Here",
        more: [{ tag: 0x00100020, vr: "LO", value: "OTHER-1 " }],
      },
    ],
    [
      "two Study Instance UIDs",
      {
        study: own.study,
        patientId: "OWN-1",
        issuer: "Here",
        more: [{ tag: 0x0020000d, vr: "UI", value: "1.2.3.40" }],
      },
    ],
  ])("adds nothing of %s", async (_name, description) => {
    const before = await stack.orthancJson<string[]>("/instances");
    const { bytes, sop } = instance(description);
    // Behind the last element read, a second one is out of order: only Orthanc can say what it makes of that.
    const answer = await upload(stack, nurse, [bytes]);
    expect(answer.stored).toEqual([]);
    expect(answer.reasons).toEqual(["124"]);
    expect(answer.status).toBe(403);
    expect(await holds(stack, sop)).toBe(false);
    expect(await stack.orthancJson<string[]>("/instances")).toEqual(before);
  });

  test("gets back out of Orthanc what it reads otherwise than it was decided by", async () => {
    // Orthanc does not follow the escape sequences between Greek and Cyrillic.
    const greek = instance({ patientId: latin1("Δι-Лю"), characterSet: "ISO_IR 192" });
    await arrived(greek, "ward-1");
    const before = await stack.orthancJson<string[]>("/instances");
    const { bytes, sop } = instance({
      study: greek.study,
      patientId: "\x1b-F\xc4\xe9-\x1b-L\xbb\xee",
      characterSet: "ISO 2022 IR 126\\ISO 2022 IR 144",
    });
    expect(await upload(stack, nurse, [bytes])).toMatchObject({ status: 403, stored: [], reasons: ["124"] });
    expect(await holds(stack, sop)).toBe(false);
    expect(await stack.orthancJson<string[]>("/instances")).toEqual(before);
    const log = await readFile(`${stack.local.logs}/sidecar.log`, "utf8");
    expect(log).toContain("the archive read an upload as another study");
  });

  test("gets each instance judged by itself", async () => {
    const good = instance({ study: own.study, patientId: "OWN-1", issuer: "Here" });
    const bad = instance({ study: own.study, patientId: "OTHER-1", issuer: "Here" });
    const last = instance({ study: own.study, patientId: "OWN-1", issuer: "Here" });
    const answer = await upload(stack, nurse, [good.bytes, bad.bytes, Buffer.from("garbage"), last.bytes]);
    expect(answer).toMatchObject({ status: 202, stored: [good.sop, last.sop], reasons: ["124", "124"] });
    expect(await holds(stack, bad.sop)).toBe(false);
  });

  test("is refused at once at the address of a study out of reach, or without the permission", async () => {
    const described = instance({ study: other.study, patientId: "OTHER-1" });
    const refused = await upload(stack, nurse, [described.bytes], { study: other.study });
    expect(refused.status).toBe(403);
    expect(refused.text).toContain("study-forbidden");
    const patient = await people.token("patient-uploader", "patient", {
      patient: { patientId: "OWN-1", issuerOfPatientId: "Here" },
    });
    const own1 = instance({ study: own.study, patientId: "OWN-1", issuer: "Here" });
    expect((await upload(stack, patient, [own1.bytes])).text).toContain("forbidden");
    expect(await holds(stack, own1.sop)).toBe(false);
  });
});
