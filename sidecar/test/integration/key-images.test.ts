import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createDemoStudy } from "../../src/phantom/demo-study.js";
import { foreignKeyImages } from "../foreign/foreign-results.js";
import { AuditLog } from "../stack/audit-log.js";
import { enhancedStudy } from "../stack/enhanced-study.js";
import type { EventRecorder } from "../stack/event-recorder.js";
import { People, type Answer } from "../stack/people.js";
import { highdicom, python } from "../stack/pydicom.js";
import { RunningStack } from "../stack/running-stack.js";
import { dcentvfy, dciodvfy } from "../validators/dciodvfy.js";
import { pixelmedSrValidator } from "../validators/pixelmed.js";

interface Selection {
  readonly sopInstanceUid: string;
  readonly title: { readonly value: string; readonly scheme: string; readonly meaning: string };
  readonly description: string;
  readonly observer: string;
  readonly mine: boolean;
  readonly images: readonly { readonly sopInstanceUid: string; readonly frameNumbers: readonly number[] }[];
  readonly elsewhere: number;
}

interface List {
  readonly selections: readonly Selection[];
  readonly complete: boolean;
  readonly mayAdd: boolean;
}

const SLICES = 4;
const patient = { name: "김^민수", id: "KEY-1", birthDate: "19700101", sex: "M" as const };
const files = createDemoStudy({ seed: 501, slices: SLICES, rows: 64, columns: 64, patient });
const others = createDemoStudy({ seed: 502, slices: 1, rows: 64, columns: 64, patient });
const enhanced = enhancedStudy(503, 8, 64);
const study = files[0]?.studyInstanceUid ?? "";
const sop = (index: number) => files[index]?.sopInstanceUid ?? "";

let stack: RunningStack;
let events: EventRecorder;
let people: People;
let audit: AuditLog;
let directory: string;
let kim: string;
let lee: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "neuronova-key-images-"));
  stack = await RunningStack.start({
    settings: { NEURONOVA_STABLE_AFTER_SECONDS: "3600", NEURONOVA_ORGANISATION: "Example Hospital" },
  });
  events = await stack.events();
  people = new People(stack);
  audit = new AuditLog(stack);
  await people.store(...[...files, ...others, enhanced].map(({ bytes }) => bytes));
  kim = await people.token("kim", "radiologist", { displayName: "김민지" });
  lee = await people.token("lee", "doctor", { displayName: "Lee Jun" });
}, 300_000);

afterAll(async () => {
  events.close();
  await audit.close();
  await stack.stop();
  await rm(directory, { recursive: true, force: true });
});

const path = (uid = study) => `/api/studies/${uid}/key-images`;

async function list(token: string, uid = study): Promise<List> {
  const { status, body } = await people.call<List>(token, "GET", path(uid));
  expect(status, JSON.stringify(body)).toBe(200);
  return body;
}

async function choose(
  token: string,
  body: object,
  headers: Record<string, string> = {},
  uid = study,
): Promise<Answer<Selection & { readonly code?: string }>> {
  const response = await stack.fetch(path(uid), {
    method: "POST",
    headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Selection & { readonly code?: string },
  };
}

/** The stored document, past the program, in a file of its own. */
async function saved(sopInstanceUid: string): Promise<string> {
  const [id] = await stack.orthancJson<string[]>("/tools/find", {
    method: "POST",
    body: JSON.stringify({ Level: "Instance", Query: { SOPInstanceUID: sopInstanceUid } }),
  });
  const response = await stack.orthanc(`/instances/${id ?? ""}/file`);
  return save(`${sopInstanceUid}.dcm`, new Uint8Array(await response.arrayBuffer()));
}

async function save(name: string, bytes: Uint8Array): Promise<string> {
  const file = join(directory, name);
  await writeFile(file, bytes);
  return file;
}

const READ = `
import json, sys, pydicom
document = pydicom.dcmread(sys.argv[1])
document.decode()
items = document.ContentSequence
evidence = document.CurrentRequestedProcedureEvidenceSequence[0]
text = lambda code: [str(item.get("TextValue", item.get("PersonName"))) for item in items if "ConceptNameCodeSequence" in item and item.ConceptNameCodeSequence[0].CodeValue == code]
references = [item.ReferencedSOPSequence[0] for item in items if item.ValueType == "IMAGE"]
frames = lambda item: [] if item.get("ReferencedFrameNumber") is None else [int(number) for number in ([item.ReferencedFrameNumber] if isinstance(item.ReferencedFrameNumber, int) else item.ReferencedFrameNumber)]
print(json.dumps({
    "sopClass": str(document.SOPClassUID),
    "patient": [str(document.PatientName), str(document.PatientID)],
    "modality": document.Modality,
    "title": [str(document.ConceptNameCodeSequence[0].CodeValue), document.ConceptNameCodeSequence[0].CodeMeaning],
    "description": text("113012"),
    "observer": text("121008"),
    "organisation": text("121009"),
    "references": [[str(item.ReferencedSOPInstanceUID), frames(item)] for item in references],
    "evidence": [str(evidence.StudyInstanceUID), [str(item.ReferencedSOPInstanceUID) for series in evidence.ReferencedSeriesSequence for item in series.ReferencedSOPSequence]],
}))
`;

describe("key images of a study", () => {
  let first: Selection;

  test("there are none, and who may annotate may add some", async () => {
    expect(await list(kim)).toEqual({ selections: [], complete: true, mayAdd: true });
    const nurse = await people.token("nurse", "nurse");
    expect(await list(nurse)).toMatchObject({ mayAdd: false });
    const refused = await choose(nurse, { title: "113000", images: [{ sopInstanceUid: sop(0) }] });
    expect([refused.status, refused.body.code]).toEqual([403, "forbidden"]);
  });

  test("are chosen with a title and a description, and every viewer hears of it", async () => {
    const answer = await choose(kim, {
      title: "113005",
      description: "혈관 옆 병변\nSee slice 2 & 3.",
      images: [{ sopInstanceUid: sop(1) }, { sopInstanceUid: sop(2), frameNumber: 1 }],
    });
    expect(answer.status, JSON.stringify(answer.body)).toBe(201);
    first = answer.body;
    expect(first).toMatchObject({
      title: { value: "113005", scheme: "DCM", meaning: "For Conference" },
      description: "혈관 옆 병변\nSee slice 2 & 3.",
      observer: "김민지^",
      mine: true,
      images: [
        { sopInstanceUid: sop(1), frameNumbers: [] },
        { sopInstanceUid: sop(2), frameNumbers: [] },
      ],
      elsewhere: 0,
    });
    expect((await list(kim)).selections).toEqual([first]);
    expect((await list(lee)).selections).toEqual([{ ...first, mine: false }]);
    await events.until("the document's arrival", () =>
      events
        .of("instance.arrived", study)
        .some(({ sopInstanceUid }) => sopInstanceUid === first.sopInstanceUid),
    );
  });

  test("are a valid Key Object Selection Document of the patient and study of the images", async () => {
    const document = await saved(first.sopInstanceUid);
    expect(dciodvfy(document)).toEqual({ errors: [], warnings: [] });
    expect(pixelmedSrValidator(document)).toEqual({ errors: [], warnings: [] });
    const images = await Promise.all(files.map(({ fileName, bytes }) => save(fileName, bytes)));
    expect(dcentvfy([document, ...images]).errors).toEqual([]);
    expect(JSON.parse(await python(READ, "", document))).toEqual({
      sopClass: "1.2.840.10008.5.1.4.1.1.88.59",
      patient: [patient.name, patient.id],
      modality: "KO",
      title: ["113005", "For Conference"],
      description: ["혈관 옆 병변\nSee slice 2 & 3."],
      observer: ["김민지^"],
      organisation: ["Example Hospital"],
      references: [
        [sop(1), []],
        [sop(2), []],
      ],
      evidence: [study, [sop(1), sop(2)]],
    });
  }, 300_000);

  test("are read by highdicom", async () => {
    const program = `
import json, sys, highdicom as hd, pydicom
document = hd.ko.KeyObjectSelectionDocument.from_dataset(pydicom.dcmread(sys.argv[1]))
print(json.dumps([str(document.resolve_reference(uid)[2]) for uid in sys.argv[2:]]))
`;
    const document = await saved(first.sopInstanceUid);
    expect(JSON.parse(await highdicom(program, document, sop(1), sop(2)))).toEqual([sop(1), sop(2)]);
  });

  test("are recorded in the audit trail, with who chose", async () => {
    const [entry] = await audit.entries({ action: "annotate", outcome: "granted" });
    expect(entry).toMatchObject({ target: "key-images:new", studyInstanceUid: study });
  });

  test("sent again with the same Idempotency-Key are the document that is there, and no other may have the key", async () => {
    const body = { title: "113000", images: [{ sopInstanceUid: sop(3) }, { sopInstanceUid: sop(0) }] };
    const key = { "Idempotency-Key": "one-and-the-same" };
    const answers = await Promise.all([choose(lee, body, key), choose(lee, body, key)]);
    expect(answers.map(({ status }) => status)).toEqual([201, 201]);
    const again = await choose(lee, { ...body, images: [...body.images].reverse() }, key);
    expect([again.status, again.headers.get("Idempotency-Replayed")]).toEqual([201, "true"]);
    expect(new Set([...answers, again].map(({ body: { sopInstanceUid } }) => sopInstanceUid)).size).toBe(1);
    const other = await choose(lee, { ...body, title: "113004" }, key);
    expect([other.status, other.body.code]).toEqual([422, "idempotency-key-reused"]);
    expect((await list(lee)).selections.filter(({ mine }) => mine)).toHaveLength(1);
  });

  test("are images of that study, with frames that they have", async () => {
    const [other] = others;
    const wrong = async (body: object, uid = study) => {
      const answer = await choose(kim, { title: "113000", ...body }, {}, uid);
      return [answer.status, answer.body.code];
    };
    const notSelectable = [422, "image-not-selectable"];
    expect(await wrong({ images: [{ sopInstanceUid: other?.sopInstanceUid }] })).toEqual(notSelectable);
    expect(await wrong({ images: [{ sopInstanceUid: sop(0), frameNumber: 2 }] })).toEqual(notSelectable);
    // The document itself is in the study, and no image.
    await events.until("the document's arrival", () =>
      events
        .of("instance.arrived", study)
        .some(({ sopInstanceUid }) => sopInstanceUid === first.sopInstanceUid),
    );
    expect(await wrong({ images: [{ sopInstanceUid: first.sopInstanceUid }] })).toEqual(notSelectable);
    expect(await wrong({ images: [] })).toEqual([400, "request-malformed"]);
    expect(await wrong({ title: "113001", images: [{ sopInstanceUid: sop(0) }] })).toEqual([
      400,
      "request-malformed",
    ]);
    expect(await wrong({ images: [{ sopInstanceUid: sop(0) }] }, "1.2.3")).toEqual([404, "study-not-found"]);
    expect((await list(kim)).selections).toHaveLength(2);
  });

  test("are withdrawn by whoever made them, and by nobody else", async () => {
    const address = `${path()}/${first.sopInstanceUid}`;
    const refused = await people.call(lee, "DELETE", address);
    expect([refused.status, refused.body["code"]]).toEqual([404, "no-such-key-images"]);
    expect((await people.call(kim, "DELETE", `${path()}/${sop(0)}`)).status).toBe(404);
    expect((await people.call(kim, "DELETE", address)).status).toBe(204);
    expect((await list(kim)).selections.map(({ mine }) => mine)).toEqual([false]);
    expect((await people.call(kim, "DELETE", address)).status).toBe(404);
    await events.until("the withdrawal", () =>
      events
        .of("instance.deleted", study)
        .some(({ sopInstanceUid }) => sopInstanceUid === first.sopInstanceUid),
    );
    const [entry] = await audit.entries({ action: "annotation-remove", outcome: "granted" });
    expect(entry).toMatchObject({ target: `key-images:${first.sopInstanceUid}`, studyInstanceUid: study });
  });
});

describe("of an image with several frames", () => {
  test("frames are named, and all of them are when none is", async () => {
    const { sopInstanceUid, studyInstanceUid } = enhanced;
    const frames = [6, 2].map((frameNumber) => ({ sopInstanceUid, frameNumber }));
    const answer = await choose(kim, { title: "113000", images: frames }, {}, studyInstanceUid);
    expect(answer.body.images).toMatchObject([{ sopInstanceUid, frameNumbers: [6, 2] }]);
    const document = await saved(answer.body.sopInstanceUid);
    expect(dciodvfy(document).errors).toEqual([]);
    expect(JSON.parse(await python(READ, "", document))).toMatchObject({
      references: [[sopInstanceUid, [6, 2]]],
      evidence: [studyInstanceUid, [sopInstanceUid]],
    });
    const whole = await choose(
      kim,
      { title: "113000", images: [...frames, { sopInstanceUid }] },
      {},
      studyInstanceUid,
    );
    expect(whole.body.images).toMatchObject([{ sopInstanceUid, frameNumbers: [] }]);
  });
});

describe("of another system", () => {
  test("documents are listed with what they say; one that rejects is none of key images", async () => {
    const { described, rejection } = await foreignKeyImages(files);
    await stack.storeOverWeb([described, rejection]);
    const { selections } = await list(kim);
    const [foreign, ...rest] = selections.filter(({ observer }) => observer === "Doe^Jane");
    expect(rest).toEqual([]);
    expect(foreign).toMatchObject({
      title: { value: "113004", scheme: "DCM", meaning: "For Teaching" },
      description: "Look at this. ".repeat(30).trimEnd(),
      mine: false,
      images: [{ sopInstanceUid: sop(0) }, { sopInstanceUid: sop(1) }],
    });
    const address = `${path()}/${foreign?.sopInstanceUid ?? ""}`;
    expect((await people.call(kim, "DELETE", address)).status).toBe(404);
  });
});

test("nobody but people chooses key images", async () => {
  const admin = await stack.token();
  const key = await people.call<{ key: string }>(admin, "POST", "/api/api-keys", {
    name: "program",
    permissions: ["view", "annotate"],
    labels: ["*"],
    validForDays: 1,
  });
  expect(key.status, JSON.stringify(key.body)).toBe(201);
  const token = key.body.key;
  expect(await list(token)).toMatchObject({ mayAdd: false });
  const refused = await choose(token, { title: "113000", images: [{ sopInstanceUid: sop(0) }] });
  expect([refused.status, refused.body.code]).toEqual([403, "selector-not-a-person"]);
});
