import { afterAll, beforeAll, expect, test } from "vitest";
import { OpenUpload } from "../stack/open-upload.js";
import { People } from "../stack/people.js";
import { RunningStack } from "../stack/running-stack.js";
import { MULTIPART, holds, instance, multipart, readAnswer, upload } from "../stack/uploads.js";

let stack: RunningStack;
let admin: string;
let people: People;

beforeAll(async () => {
  stack = await RunningStack.start({
    settings: {
      NEURONOVA_UPLOAD_INSTANCE_MEGABYTES: "1",
      NEURONOVA_UPLOAD_REQUEST_MEGABYTES: "3",
      NEURONOVA_UPLOAD_INSTANCES: "3",
      NEURONOVA_UPLOADS_PER_MINUTE: "20",
      NEURONOVA_UPLOAD_MEGABYTES_PER_MINUTE: "8",
      NEURONOVA_UPLOADS_AT_ONCE: "2",
    },
  });
  admin = await stack.token();
  people = new People(stack);
});

afterAll(() => stack.stop());

const sized = (bytes: number) =>
  instance({ patientId: "SIZED", more: [{ tag: 0x7fe00010, vr: "OW", value: "\0".repeat(bytes) }] });
const small = () => instance({ patientId: "SMALL" });

/** Somebody new, whose minute has not begun. */
const someone = (name: string) => people.token(name, "technologist");

test("an instance that is too large fails alone; by itself it is answered 413", async () => {
  const token = await someone("large-instance");
  const [first, big, last] = [small(), sized(1_500_000), small()];
  const answer = await upload(stack, token, [first.bytes, big.bytes, last.bytes]);
  expect(answer).toMatchObject({ status: 202, stored: [first.sop, last.sop], reasons: ["a700"] });
  expect(await holds(stack, big.sop)).toBe(false);
  expect(await upload(stack, token, [big.bytes])).toMatchObject({ status: 413, reasons: ["a700"] });
});

test("a request that says it is too large is refused at once; one that does not say so ends where it is, and what was stored is told", async () => {
  const token = await someone("large-request");
  const files = [small(), sized(990_000), sized(990_000), sized(990_000), sized(990_000)];
  const body = multipart(files.map(({ bytes }) => bytes));
  const refused = await upload(stack, token, [], { body });
  expect(refused.status).toBe(413);
  expect(refused.text).toContain("body-too-large");
  expect(await holds(stack, files[0]?.sop ?? "")).toBe(false);
  const three = [small(), sized(990_000), sized(990_000)];
  const first = multipart([...three, sized(990_000), sized(990_000)].map(({ bytes }) => bytes));
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      for (let at = 0; at < first.length; at += 50_000) controller.enqueue(first.subarray(at, at + 50_000));
      controller.close();
    },
  });
  const headers = { "Content-Type": MULTIPART, Authorization: `Bearer ${token}` };
  const init = { method: "POST", headers, body: stream, duplex: "half" } as RequestInit;
  const ended = await readAnswer(await fetch(`${stack.local.address}/dicom-web/studies`, init));
  expect(ended).toMatchObject({ status: 413, stored: three.map(({ sop }) => sop) });
});

test("more instances than are taken in a request are answered 413, with those that were stored", async () => {
  const token = await someone("many-instances");
  const files = [small(), small(), small(), small()];
  const answer = await upload(
    stack,
    token,
    files.map(({ bytes }) => bytes),
  );
  expect(answer).toMatchObject({ status: 413, stored: files.slice(0, 3).map(({ sop }) => sop) });
  expect(await holds(stack, files[3]?.sop ?? "")).toBe(false);
});

test("one user has half of the uploads at once; who sends too slowly is answered 408 and told what was stored", async () => {
  const token = await someone("slow");
  const file = small();
  const body = multipart([file.bytes, file.bytes]);
  const events = await stack.events();
  const open = await OpenUpload.begin(stack.local.ports.nginx, token, body.length);
  open.send(body.subarray(0, body.length - 200));
  await events.until("the first part", () => events.of("instance.arrived", file.study).length > 0, 20);
  events.close();
  const second = await upload(stack, token, [small().bytes]);
  expect(second.status).toBe(503);
  expect(second.text).toContain("too-many-uploads");
  expect(second.headers.get("retry-after")).toBe("2");
  expect((await upload(stack, admin, [small().bytes])).status).toBe(200);
  const { status, text } = await open.answered();
  expect(status).toBe(408);
  expect(text).toContain(file.sop);
  expect((await upload(stack, token, [small().bytes])).status).toBe(200);
});

test("so many requests and so many bytes are taken of a user in a minute, of another they are taken still", async () => {
  const [counting, weighing] = [await someone("counting"), await someone("weighing")];
  const statuses: number[] = [];
  for (let index = 0; index < 21; index += 1)
    statuses.push((await upload(stack, counting, [small().bytes])).status);
  expect(statuses).toEqual([...Array.from({ length: 20 }, () => 200), 429]);
  const heavy = [sized(990_000), sized(990_000), sized(500_000)].map(({ bytes }) => bytes);
  for (let index = 0; index < 4; index += 1) expect((await upload(stack, weighing, heavy)).status).toBe(200);
  const refused = await upload(stack, weighing, heavy);
  expect(refused.status).toBe(429);
  expect(refused.text).toContain("too-many-requests");
  expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
  expect((await upload(stack, admin, [small().bytes])).status).toBe(200);
});
