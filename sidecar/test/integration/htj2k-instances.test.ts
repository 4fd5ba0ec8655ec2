import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { partsOf } from "../stack/multipart.js";
import { decodeIndependently } from "../stack/opj-decompress.js";
import { RunningStack } from "../stack/running-stack.js";
import { dciodvfy } from "../validators/dciodvfy.js";
import { runTool } from "../validators/tool.js";

interface Made {
  readonly name: string;
  readonly study: string;
  readonly series: string;
  readonly instance: string;
  readonly syntax: string;
}

const HTJ2K = "1.2.840.10008.1.2.4.202";
const ONLY_HTJ2K = `application/dicom; transfer-syntax=${HTJ2K}`;
const PARTS = `multipart/related; type="application/dicom"; transfer-syntax=`;
const NEVER = ["JPEG2000.dcm", "test-SR.dcm"];
const script = fileURLToPath(new URL("../corpus/mixed_study.py", import.meta.url));
const run = promisify(execFile);
const python = async (...args: string[]): Promise<unknown> =>
  JSON.parse((await run("/usr/bin/python3", ["-W", "ignore", script, ...args])).stdout) as unknown;

let stack: RunningStack;
let directory: string;
let made: Made[];
let study: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "mixed-"));
  [stack, made] = await Promise.all([RunningStack.start(), python("make", directory) as Promise<Made[]>]);
  study = `/dicom-web/studies/${made[0]?.study ?? ""}`;
  const events = await stack.events();
  for (const { name } of made) {
    const stored = await stack.storeOverWeb([await readFile(join(directory, name))]);
    expect(stored.status, name).toBe(200);
  }
  await events.until(
    "renditions",
    () =>
      events.of("instance.rendered").length === made.length - NEVER.length &&
      events.of("instance.not-renderable").length === NEVER.length,
  );
  events.close();
});

afterAll(async () => {
  await stack.stop();
  await rm(directory, { recursive: true, force: true });
});

const pathOf = ({ series, instance }: Made) => `${study}/series/${series}/instances/${instance}`;
const named = (name: string) => made.find((each) => each.name === name) as Made;
const get = (path: string, accept: string) => stack.fetch(path, { headers: { Accept: accept } });
const bytesOf = async (response: Response) => Buffer.from(await response.arrayBuffer());

async function asHtj2k(each: Made): Promise<{ bytes: Buffer; file: string }> {
  const response = await get(pathOf(each), ONLY_HTJ2K);
  expect(response.status, each.name).toBe(200);
  expect(response.headers.get("content-type")).toBe(ONLY_HTJ2K);
  const bytes = await bytesOf(response);
  expect(response.headers.get("content-length")).toBe(String(bytes.byteLength));
  const file = join(directory, `htj2k-${each.name}`);
  await writeFile(file, bytes);
  return { bytes, file };
}

describe("an instance with its rendition for pixels", () => {
  test("is the original, pixels and what describes them aside", async () => {
    for (const each of made.filter(({ name }) => !NEVER.includes(name))) {
      const { file, bytes } = await asHtj2k(each);
      const told = (await python("compare", join(directory, each.name), file)) as Record<string, unknown>;
      const colours = each.name.startsWith("SC_rgb");
      expect(told["syntax"]).toBe(HTJ2K);
      expect(told["different"], each.name).toEqual(colours ? ["00280004"] : []);
      if (colours) expect(told).toMatchObject({ photometric: "YBR_RCT", planar: 0 });
      // ISO 2022 IR 149: its escape sequences are still there.
      if (/^(CT|MR)/.test(each.name)) expect(bytes.includes(Buffer.from("1b242943c8ab", "hex"))).toBe(true);
    }
  });

  test("is valid to dcmtk, and no less to dciodvfy than it was", async () => {
    for (const name of ["CT_small.dcm", "SC_rgb_rle_2frame.dcm", "MR_small_jp2klossless.dcm"]) {
      const { file, bytes } = await asHtj2k(named(name));
      const { status, output } = runTool("dcmdump", ["-q", "+E", file]);
      expect(status, output).toBe(0);
      // This version of dciodvfy does not know that .202 is encapsulated: it is told JPEG 2000, which says the same of it.
      const asJpeg2000 = Buffer.from(bytes);
      asJpeg2000.write("1.2.840.10008.1.2.4.90\0", bytes.indexOf(HTJ2K), "latin1");
      await writeFile(file, asJpeg2000);
      const [before, after] = [dciodvfy(join(directory, name)), dciodvfy(file)];
      const fresh = after.errors.filter((error) => !before.errors.includes(error));
      expect(fresh, name).toEqual([]);
    }
  });

  test("has the frames that are answered alone, at their offsets, and they decode to the original's pixels", async () => {
    for (const each of made.filter(({ name }) => !NEVER.includes(name))) {
      const { bytes } = await asHtj2k(each);
      const frames = fragmentsOf(bytes);
      expect(frames).toHaveLength(each.name === "SC_rgb_rle_2frame.dcm" ? 2 : 1);
      for (const [index, frame] of frames.entries()) {
        const alone = await bytesOf(await get(`${pathOf(each)}/frames/${index + 1}`, "image/jphc"));
        expect(frame.subarray(0, alone.byteLength).equals(alone)).toBe(true);
        const decoded = await decodeIndependently(alone);
        const [part] = partsOf(
          ...(await partsBody(
            `${pathOf(each)}/frames/${index + 1}`,
            'multipart/related; type="application/octet-stream"',
          )),
        );
        const original = part?.body ?? Buffer.alloc(0);
        const rgb = each.name.startsWith("SC_rgb");
        expect(sorted(decoded).equals(sorted(original)), each.name).toBe(true);
        if (!rgb) expect(decoded.equals(original), each.name).toBe(true);
      }
    }
  });
});

/** Samples whatever their order: OpenJPEG writes colours plane by plane. */
const sorted = (bytes: Buffer) => Buffer.from(bytes).sort();

async function partsBody(path: string, accept: string): Promise<[string, Buffer]> {
  const response = await get(path, accept);
  return [response.headers.get("content-type") ?? "", await bytesOf(response)];
}

/** The fragments of the Pixel Data of a file, found by its Basic Offset Table. */
function fragmentsOf(file: Buffer): Buffer[] {
  const start = file.lastIndexOf(Buffer.from("\xe0\x7f\x10\0OB\0\0\xff\xff\xff\xff", "latin1")) + 12;
  const tableLength = file.readUInt32LE(start + 4);
  const first = start + 8 + tableLength;
  return Array.from({ length: tableLength / 4 }, (_, index) => {
    const at = first + file.readUInt32LE(start + 8 + 4 * index);
    expect(file.readUInt32LE(at)).toBe(0xe000fffe);
    return file.subarray(at + 8, at + 8 + file.readUInt32LE(at + 4));
  });
}

const syntaxesOf = (contentType: string, body: Buffer) =>
  partsOf(contentType, body).map(({ headers, body: file }) => {
    const said = /application\/dicom; transfer-syntax=([\d.]+)/.exec(headers)?.[1];
    expect(file.toString("latin1", 128, 132)).toBe("DICM");
    return said;
  });

describe("a study, a series", () => {
  test("comes in HTJ2K as far as there are renditions: 206 with a warning", async () => {
    const response = await get(study, PARTS + HTJ2K);
    expect(response.status).toBe(206);
    expect(response.headers.get("warning")).toContain("2 of 11 instances");
    const syntaxes = syntaxesOf(response.headers.get("content-type") ?? "", await bytesOf(response));
    expect(syntaxes).toEqual(Array.from({ length: 9 }, () => HTJ2K));
  });

  test("comes whole where the rest is acceptable as it is stored", async () => {
    const response = await get(study, `${PARTS}${HTJ2K}, ${PARTS}*; q=0.5`);
    expect(response.status).toBe(200);
    const syntaxes = syntaxesOf(response.headers.get("content-type") ?? "", await bytesOf(response));
    expect(syntaxes).toHaveLength(made.length);
    expect([...syntaxes].sort()).toEqual(
      made.map(({ name, syntax }) => (NEVER.includes(name) ? syntax : HTJ2K)).sort(),
    );
  });

  test("comes by series", async () => {
    const rendered = await get(`${study}/series/${named("CT_small.dcm").series}`, PARTS + HTJ2K);
    expect(rendered.status).toBe(200);
    expect(syntaxesOf(rendered.headers.get("content-type") ?? "", await bytesOf(rendered))).toEqual([HTJ2K]);
  });

  test("comes to the byte as it is stored, and in Explicit VR Little Endian, from Orthanc", async () => {
    const [stored] = partsOf(...(await partsBody(pathOf(named("MR_small_RLE.dcm")), `${PARTS}*`)));
    expect(stored?.body.equals(await readFile(join(directory, "MR_small_RLE.dcm")))).toBe(true);
    const response = await get(study, "*/*");
    expect(response.status).toBe(200);
    expect(partsOf(response.headers.get("content-type") ?? "", await bytesOf(response))).toHaveLength(11);
  });
});

describe("what cannot be had", () => {
  test.each(NEVER)("%s is not acceptable as HTJ2K, and comes alone as it is stored", async (name) => {
    const path = pathOf(named(name));
    for (const accept of [ONLY_HTJ2K, PARTS + HTJ2K, "text/html", "application/dicom; transfer-syntax=1.2.3"])
      expect((await get(path, accept)).status, accept).toBe(406);
    const response = await get(path, `${ONLY_HTJ2K}, application/dicom; transfer-syntax=*; q=0.1`);
    expect(response.headers.get("content-type")).toBe(
      `application/dicom; transfer-syntax=${named(name).syntax}`,
    );
    expect((await bytesOf(response)).equals(await readFile(join(directory, name)))).toBe(true);
  });

  test("several instances are not one", async () => {
    expect((await get(study, ONLY_HTJ2K)).status).toBe(406);
  });

  test("an unknown instance is unknown", async () => {
    const path = `${study}/series/1.2.3/instances/1.2.3`;
    expect((await get(path, "*/*")).status).toBe(404);
    expect((await get(path, ONLY_HTJ2K)).status).toBe(404);
  });
});
