import { execFile } from "node:child_process";
import { readFile, readdir } from "node:fs/promises";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readInstanceIdentity } from "../../src/dicom/part10-identity.js";
import { python } from "../stack/pydicom.js";
import { RunningStack } from "../stack/running-stack.js";
import {
  BOUNDARY,
  MULTIPART,
  holds,
  instance,
  multipart,
  newUid,
  readAnswer,
  upload,
} from "../stack/uploads.js";

const run = promisify(execFile);
let stack: RunningStack;
let admin: string;

beforeAll(async () => {
  stack = await RunningStack.start();
  admin = await stack.token();
});

afterAll(() => stack.stop());

describe("a Store Instances request", () => {
  test("to a study takes instances of that study alone", async () => {
    const study = newUid();
    const [mine, foreign] = [instance({ study, patientId: "A" }), instance({ patientId: "A" })];
    const both = await upload(stack, admin, [mine.bytes, foreign.bytes], { study });
    expect(both).toMatchObject({ status: 202, stored: [mine.sop], reasons: ["a900"] });
    expect(both.urls[0]).toMatch(`${stack.local.address}/dicom-web/studies/${study}/series/`);
    expect(await upload(stack, admin, [foreign.bytes], { study })).toMatchObject({
      status: 409,
      reasons: ["a900"],
    });
    expect(await holds(stack, foreign.sop)).toBe(false);
  });

  test("of what is stored already is answered as stored: it may be repeated", async () => {
    const described = instance({ patientId: "TWICE" });
    for (let time = 0; time < 2; time += 1)
      expect(await upload(stack, admin, [described.bytes])).toMatchObject({
        status: 200,
        stored: [described.sop],
      });
  });

  test("is answered in XML to those who want it", async () => {
    const described = instance({ patientId: "XML" });
    const answer = await upload(stack, admin, [described.bytes, Buffer.from("garbage")], {
      headers: { Accept: "application/dicom+xml" },
    });
    expect(answer.status).toBe(202);
    expect(answer.headers.get("content-type")).toBe("application/dicom+xml");
    const read = `
import sys, xml.etree.ElementTree as tree
ns = "{http://dicom.nema.org/PS3.19/models/NativeDICOM}"
for value in tree.fromstring(sys.stdin.read().encode()).iter(ns + "Value"): print(value.text)`;
    const values = (await python(read, answer.text)).trim().split("\n");
    expect(values).toContain(described.sop);
    expect(values).toContain(String(0xc000));
    const other = await upload(stack, admin, [described.bytes], { headers: { Accept: "image/jpeg" } });
    expect(other.status).toBe(406);
  });

  test.each(["1.2.840.99.A7", "abc def!", "1.2/../3"])(
    "of an instance that nobody could address, %s, is refused and not kept",
    async (uid) => {
      const described = instance({ patientId: "NO-UID" });
      const bytes = Buffer.from(described.bytes);
      const padded = uid.padEnd(described.sop.length + (described.sop.length % 2), "\0");
      for (let at = bytes.indexOf(described.sop); at >= 0; at = bytes.indexOf(described.sop, at + 1))
        bytes.write(padded, at, "latin1");
      const answer = await upload(stack, admin, [bytes]);
      expect(answer.status, answer.text).toBe(409);
      expect(answer.text).toContain(String(0xc000));
      const held = await stack.orthancJson<unknown[]>("/tools/find", {
        method: "POST",
        body: JSON.stringify({ Level: "Study", Query: { PatientID: "NO-UID" } }),
      });
      expect(held).toEqual([]);
    },
  );

  test.each<[string, number, (file: Buffer) => Buffer, string]>([
    [
      "preamble and epilogue",
      200,
      (file) => Buffer.concat([Buffer.from("preamble\r\n"), multipart([file]), Buffer.from("epilogue")]),
      MULTIPART,
    ],
    [
      "an unquoted type",
      200,
      (file) => multipart([file]),
      `multipart/related; boundary=${BOUNDARY}; type=application/dicom`,
    ],
    [
      "a quoted boundary with blanks",
      200,
      (file) => multipart([file], "a b:c"),
      'multipart/related; type="application/dicom"; boundary="a b:c"',
    ],
    ["another boundary than its parts", 400, (file) => multipart([file], "another"), MULTIPART],
    ["no boundary", 400, (file) => multipart([file]), 'multipart/related; type="application/dicom"'],
    ["no part", 400, () => Buffer.from(`--${BOUNDARY}--\r\n`), MULTIPART],
    ["nothing in it", 400, () => Buffer.alloc(0), MULTIPART],
    ["no last boundary", 400, (file) => multipart([file]).subarray(0, -BOUNDARY.length), MULTIPART],
    [
      "metadata and bulk data",
      415,
      (file) => multipart([file]),
      `multipart/related; type="application/dicom+json"; boundary=${BOUNDARY}`,
    ],
    ["a bare file", 415, (file) => file, "application/dicom"],
    ["a form", 415, (file) => multipart([file]), `multipart/form-data; boundary=${BOUNDARY}`],
  ])("with %s is answered %d", async (_name, status, body, type) => {
    const described = instance({ patientId: "FRAMING" });
    const answer = await upload(stack, admin, [], {
      body: body(described.bytes),
      headers: { "Content-Type": type },
    });
    expect(answer.status, answer.text).toBe(status);
    expect(await holds(stack, described.sop)).toBe(status === 200);
    if (status !== 200) expect(answer.headers.get("content-type")).toBe("application/problem+json");
  });

  test("without a length, in chunks, is taken", async () => {
    const files = [instance({ patientId: "CHUNKED" }), instance({ patientId: "CHUNKED" })];
    const body = multipart(files.map(({ bytes }) => bytes));
    const stream = new ReadableStream<Uint8Array>({
      start(controller) {
        for (let at = 0; at < body.length; at += 100) controller.enqueue(body.subarray(at, at + 100));
        controller.close();
      },
    });
    const init = { method: "POST", headers: { "Content-Type": MULTIPART }, body: stream, duplex: "half" };
    const answer = await readAnswer(await stack.fetch("/dicom-web/studies", init as RequestInit));
    expect(answer).toMatchObject({ status: 200, stored: files.map(({ sop }) => sop) });
  });

  test("of real files is stored as Orthanc stores them, and who they are of is read as pydicom reads it", async () => {
    const { stdout } = await run("/usr/bin/python3", [
      "-c",
      "import pydicom, os; print(os.path.dirname(pydicom.data.__file__))",
    ]);
    const directories = ["test_files", "charset_files"].map((name) => `${stdout.trim()}/${name}`);
    const paths = (
      await Promise.all(
        directories.map(async (directory) =>
          (await readdir(directory))
            .filter((name) => name.endsWith(".dcm"))
            .map((name) => `${directory}/${name}`),
        ),
      )
    ).flat();
    expect(paths.length).toBeGreaterThan(80);
    const describe = `
import sys, json, pydicom
found = {}
for path in sys.argv[1:]:
    try:
        d = pydicom.dcmread(path, stop_before_pixels=True)
        d.decode()
        found[path] = [str(d.StudyInstanceUID), str(d.SOPInstanceUID), str(d.get("PatientID") or "").strip()]
    except Exception: pass
print(json.dumps(found))`;
    const expected = JSON.parse(await python(describe, "", ...paths)) as Record<
      string,
      [string, string, string]
    >;
    let compared = 0;
    for (const path of paths) {
      const bytes = await readFile(path);
      const identity = await readInstanceIdentity((position, length) =>
        Promise.resolve(bytes.subarray(position, position + length)),
      ).catch(() => undefined);
      const reference = expected[path];
      if (identity !== undefined && reference !== undefined) {
        expect(
          [identity.studyInstanceUid, identity.sopInstanceUid, identity.patient?.patientId],
          path,
        ).toEqual(reference);
        compared += 1;
      }
      const answer = await upload(stack, admin, [bytes]);
      const direct = await stack.orthanc("/instances", { method: "POST", body: bytes });
      await direct.arrayBuffer();
      expect(answer.status === 200, `${path}: ${answer.text} ${direct.status}`).toBe(direct.ok);
      if (answer.status !== 200) expect(answer.reasons, path).toEqual(["c000"]);
    }
    expect(compared).toBeGreaterThan(60);
  });
});
