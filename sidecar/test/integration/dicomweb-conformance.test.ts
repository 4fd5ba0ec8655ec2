import { request as httpRequest } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { partsOf } from "../stack/multipart.js";
import { code, documentedTable } from "../stack/documented-table.js";
import { asHtj2kOriginal } from "../stack/htj2k-originals.js";
import { decodeIndependently } from "../stack/opj-decompress.js";
import { pathOf, pydicomFile } from "../stack/pydicom-files.js";
import { RunningStack } from "../stack/running-stack.js";

const rows = documentedTable("dicomweb-conformance.md", "Frames").map(([accept, ...cells]) => ({
  accept: code(accept),
  cells: cells
    .slice(0, 3)
    .map((cell) =>
      cell.replace(/, \.4/, ", 1.2.840.10008.1.2.4").replace(/, 1\.2\.1$/, ", 1.2.840.10008.1.2.1"),
    ),
}));

let stack: RunningStack;
/** In the order of the table's columns. */
const paths: string[] = [];
let pixels: Buffer;

beforeAll(async () => {
  stack = await RunningStack.start();
  const events = await stack.events();
  const stored = async (file: Buffer, ending: "instance.rendered" | "instance.not-renderable") => {
    const path = await pathOf(file);
    paths.push(path);
    expect((await stack.storeOverWeb([file])).status).toBe(200);
    await events.until(path, () =>
      events.events.some(
        ({ event, sopInstanceUid }) => event === ending && path.endsWith(`/${sopInstanceUid ?? ""}`),
      ),
    );
    return path;
  };
  const ct = await pydicomFile("CT_small.dcm");
  // Its pixels are the end of the file, but for the padding that follows.
  const start = ct.indexOf(Buffer.from([0xe0, 0x7f, 0x10, 0x00])) + 12;
  pixels = ct.subarray(start, start + 128 * 128 * 2);
  const path = await stored(ct, "instance.rendered");
  await stored(await pydicomFile("JPEG2000.dcm"), "instance.not-renderable");
  await stored(await asHtj2kOriginal(stack, path), "instance.not-renderable");
  events.close();
});

afterAll(() => stack.stop());

interface Answer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly body: Buffer;
}

/** fetch always sends an Accept header; this does not unless told. */
async function get(path: string, headers: Record<string, string>): Promise<Answer> {
  const token = await stack.token();
  return new Promise((resolve, reject) => {
    const sent = httpRequest(
      stack.local.address + path,
      { headers: { Authorization: `Bearer ${token}`, ...headers } },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks),
          }),
        );
      },
    );
    sent.on("error", reject).end();
  });
}

const typeOf = ({ headers }: Answer) => String(headers["content-type"] ?? "");
const framesOf = (answer: Answer) => partsOf(typeOf(answer), answer.body);

/** An answer in the words of the table. */
function described(answer: Answer): string {
  if (answer.status !== 200) {
    expect(typeOf(answer)).toBe("application/problem+json");
    return String(answer.status);
  }
  const type = typeOf(answer);
  const inner = type.startsWith("multipart/related") ? framesOf(answer)[0]?.headers : type;
  const syntax = /transfer-syntax=([\d.]+)/.exec(inner ?? "")?.[1] ?? "?";
  return `${type.startsWith("multipart/related") ? "parts" : "one"}, ${syntax}`;
}

describe("frames are answered as the conformance statement says", () => {
  test("there are many rows", () => expect(rows.length).toBeGreaterThan(28));

  test.each(rows)("Accept: $accept", async ({ accept, cells }) => {
    const header: Record<string, string> = accept === "none" ? {} : { Accept: accept };
    const answers = [];
    for (const path of paths) answers.push(described(await get(`${path}/frames/1`, header)));
    expect(answers).toEqual(cells);
    if (accept === "none") return;
    // PS3.18 8.3.3.1: the same as a query parameter, whatever the header says.
    const [path = ""] = paths;
    const query = `accept=${encodeURIComponent(accept).replaceAll("%2F", "/")}`;
    expect(described(await get(`${path}/frames/1?${query}`, { Accept: "text/html" }))).toBe(cells[0]);
  });

  test("with the pixels of the original, whatever the form", async () => {
    const [path = ""] = paths;
    const one = await get(`${path}/frames/1`, { Accept: "application/octet-stream" });
    expect(one.body.equals(pixels)).toBe(true);
    const [part] = framesOf(await get(`${path}/frames/1`, {}));
    expect(part?.body.equals(pixels)).toBe(true);
    for (const htj2k of paths.filter((_, index) => index !== 1)) {
      const { body } = await get(`${htj2k}/frames/1`, { Accept: "image/jphc" });
      expect((await decodeIndependently(body)).equals(pixels)).toBe(true);
    }
  });
});

test("frames of an Implicit VR file are told to be in what was asked for, and are the same bytes", async () => {
  const file = await pydicomFile("MR_small_implicit.dcm");
  const path = await pathOf(file);
  const events = await stack.events();
  expect((await stack.storeOverWeb([file])).status).toBe(200);
  await events.until("arrival", () =>
    events.events.some(({ sopInstanceUid }) => path.endsWith(`/${sopInstanceUid ?? ""}`)),
  );
  events.close();
  const native = file.subarray(-64 * 64 * 2);
  const explicit = 'multipart/related; type="application/octet-stream"; transfer-syntax=1.2.840.10008.1.2.1';
  const any = 'multipart/related; type="application/octet-stream"; transfer-syntax=*';
  for (const [accept, syntax] of [
    [explicit, "1.2.840.10008.1.2.1"],
    ["multipart/related", "1.2.840.10008.1.2.1"],
    ["*/*", "1.2.840.10008.1.2.1"],
    [any.replace("*", "1.2.840.10008.1.2"), "1.2.840.10008.1.2"],
  ] as const) {
    const answer = await get(`${path}/frames/1`, { Accept: accept });
    expect(described(answer), accept).toBe(`parts, ${syntax}`);
    expect(framesOf(answer)[0]?.body.subarray(0, native.byteLength).equals(native), accept).toBe(true);
  }
});

describe("a frame that is not there", () => {
  test.each(["image/jphc", "*/*", "multipart/related; type=application/octet-stream; transfer-syntax=*"])(
    "is 404, alone or among others, with Accept: %s",
    async (Accept) => {
      for (const path of paths) {
        for (const list of ["2", "1,2", "999999999"]) {
          const { status, body } = await get(`${path}/frames/${list}`, { Accept });
          expect(status).toBe(404);
          expect(JSON.parse(body.toString())).toMatchObject({ code: "no-such-frame" });
        }
      }
    },
  );

  test("of an instance that is not there is told of as every other problem", async () => {
    const path = `${paths[0]?.slice(0, -1) ?? ""}9/frames/1`;
    const study = path.slice(0, path.indexOf("/series/"));
    for (const missing of [path, path.replace("/frames/1", ""), path.replace("frames/1", "metadata")]) {
      const answer = await get(missing, { Accept: "*/*" });
      expect(answer.status, missing).toBe(404);
      expect(typeOf(answer), missing).toBe("application/problem+json");
      expect(JSON.parse(answer.body.toString()), missing).toMatchObject({ code: "no-such-resource" });
    }
    const unknown = await get(`${study}9`, { Accept: "*/*" });
    expect([unknown.status, typeOf(unknown)]).toEqual([404, "application/problem+json"]);
    expect((await get(path, { Accept: `image/jphc` })).status).toBe(406);
  });
});
