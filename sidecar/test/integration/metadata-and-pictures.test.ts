import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { asHtj2kOriginal } from "../stack/htj2k-originals.js";
import { People } from "../stack/people.js";
import { pathOf } from "../stack/pydicom-files.js";
import { python } from "../stack/pydicom.js";
import { RunningStack } from "../stack/running-stack.js";

interface Made {
  readonly name: string;
  readonly study: string;
  readonly series: string;
  readonly instance: string;
  readonly syntax: string;
}
type Metadata = Record<string, { Value?: unknown[]; BulkDataURI?: string } | undefined>;

const HTJ2K = "1.2.840.10008.1.2.4.202";
const NEVER = ["JPEG2000.dcm", "test-SR.dcm"];
const script = fileURLToPath(new URL("../corpus/mixed_study.py", import.meta.url));
const run = promisify(execFile);

let stack: RunningStack;
let directory: string;
let made: Made[];
let study: string;
let ct: string;
/** The same pixels, stored as HTJ2K: Orthanc can do nothing with it. */
let htj2k: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "mixed-"));
  stack = await RunningStack.start();
  const { stdout } = await run("/usr/bin/python3", ["-W", "ignore", script, "make", directory]);
  made = JSON.parse(stdout) as Made[];
  study = `/dicom-web/studies/${made[0]?.study ?? ""}`;
  ct = `${study}/series/${made[0]?.series ?? ""}/instances/${made[0]?.instance ?? ""}`;
  const events = await stack.events();
  for (const { name } of made) {
    expect((await stack.storeOverWeb([await readFile(join(directory, name))])).status).toBe(200);
  }
  await events.until(
    "renditions",
    () => events.of("instance.rendered").length === made.length - NEVER.length,
  );
  const original = await asHtj2kOriginal(stack, ct);
  htj2k = await pathOf(original);
  expect((await stack.storeOverWeb([original])).status).toBe(200);
  await events.until("all", () => events.of("instance.not-renderable").length === NEVER.length + 1);
  events.close();
});

afterAll(async () => {
  await stack.stop();
  await rm(directory, { recursive: true, force: true });
});

const pathOfMade = ({ series, instance }: Made) => `${study}/series/${series}/instances/${instance}`;
const sopOf = (metadata: Metadata) => metadata["00080018"]?.Value?.[0];
const metadata = async (path: string) => stack.json<Metadata[]>(`${path}/metadata`);

describe("metadata", () => {
  test("say in which transfer syntaxes what has a rendition can be had", async () => {
    const all = await metadata(study);
    expect(all).toHaveLength(made.length);
    for (const { instance, name, syntax } of made) {
      const found = all.find((each) => sopOf(each) === instance);
      expect(found?.["00083002"]?.Value, name).toEqual(NEVER.includes(name) ? undefined : [syntax, HTJ2K]);
    }
  });

  test("are Orthanc's in everything else, in the order of tags, at every level", async () => {
    for (const path of [study, ct.split("/instances")[0] ?? "", ct]) {
      const ours = await (await stack.fetch(`${path}/metadata`)).text();
      const theirs = await stack.orthanc(`${path}/metadata`, {
        headers: {
          Accept: "application/dicom+json",
          Forwarded: `host=${new URL(stack.local.address).host};proto=http`,
        },
      });
      const before = (await theirs.json()) as Metadata[];
      const after = JSON.parse(ours) as Metadata[];
      expect(after).toHaveLength(before.length);
      for (const each of after) {
        const same = before.find((other) => sopOf(other) === sopOf(each)) ?? {};
        const added = Object.keys(each).filter((tag) => !(tag in same));
        expect(["00083002", "7FE00010"]).toEqual(expect.arrayContaining(added));
        expect(Object.fromEntries(Object.entries(each).filter(([tag]) => !added.includes(tag)))).toEqual(
          same,
        );
      }
      // JavaScript would put the keys that look like numbers first.
      const ascending = "import json, sys; print(all(list(x) == sorted(x) for x in json.load(sys.stdin)))";
      expect((await python(ascending, ours)).trim()).toBe("True");
    }
  });

  test("have an address of pixels that answers, through our own door, for every image", async () => {
    const all = [...(await metadata(study)), ...(await metadata(htj2k))];
    const images = all.filter((each) => each["00280010"] !== undefined);
    expect(images).toHaveLength(made.length);
    for (const image of images) {
      const address = image["7FE00010"]?.BulkDataURI ?? "";
      expect(address.startsWith(`${stack.local.address}/dicom-web/`), address).toBe(true);
      const accept = 'multipart/related; type="application/octet-stream"; transfer-syntax=*';
      const response = await stack.fetch(address.slice(stack.local.address.length), {
        headers: { Accept: accept },
      });
      expect(response.status, address).toBe(200);
      expect((await response.arrayBuffer()).byteLength).toBeGreaterThan(100);
      if (image["00280008"]?.Value?.[0] === 2) expect(address).toMatch(/\/frames\/1,2$/);
    }
  });

  test("come for restricted people too, of what they reach; in XML from Orthanc; nothing of nothing", async () => {
    const people = new People(stack);
    const uid = made[0]?.study ?? "";
    await people.call(await stack.token(), "PUT", `/api/studies/${uid}/labels`, { labels: ["ward-1"] });
    const near = await people.token("near", "radiologist", { labels: ["ward-1"] });
    const far = await people.token("far", "radiologist", { labels: ["ward-2"] });
    const as = (token: string, path = study) =>
      stack.fetch(`${path}/metadata`, { headers: { Authorization: `Bearer ${token}` } });
    const response = await as(near);
    expect(((await response.json()) as Metadata[])[0]?.["00083002"]?.Value).toContain(HTJ2K);
    expect((await as(far)).status).toBe(403);
    const xml = await stack.fetch(`${ct}/metadata`, {
      headers: { Accept: 'multipart/related; type="application/dicom+xml"' },
    });
    expect(await xml.text()).toContain("<NativeDicomModel");
    expect((await stack.fetch(`${study}/series/1.2.3/metadata`)).status).toBe(404);
  });
});

async function picture(path: string, accept = "image/jpeg"): Promise<{ bytes: Buffer; type: string }> {
  const response = await stack.fetch(path, { headers: { Accept: accept } });
  expect(response.status, path).toBe(200);
  return {
    bytes: Buffer.from(await response.arrayBuffer()),
    type: response.headers.get("content-type") ?? "",
  };
}

describe("pictures", () => {
  test("come of every image, and of series and study, small and as they are", async () => {
    const images = made.filter(({ name }) => name !== "test-SR.dcm").map(pathOfMade);
    const series = (path: string) => path.split("/instances")[0] ?? "";
    const paths = [
      ...images,
      ...images.map(series),
      study,
      htj2k,
      series(htj2k),
      study.replace(study, htj2k.split("/series")[0] ?? ""),
    ];
    for (const path of paths) {
      for (const [what, type] of [
        ["rendered", "image/jpeg"],
        ["rendered", "image/png"],
        ["thumbnail", "image/jpeg"],
      ] as const) {
        const { bytes, type: told } = await picture(`${path}/${what}`, type);
        expect(told).toBe(type);
        const { format, width, height } = await sharp(bytes).metadata();
        expect(`image/${format}`).toBe(type);
        expect(Math.min(width, height)).toBeGreaterThan(1);
        if (what === "thumbnail") expect(Math.max(width, height)).toBeLessThanOrEqual(128);
        const { channels } = await sharp(bytes).stats();
        expect(Math.max(...channels.map(({ stdev }) => stdev)), path).toBeGreaterThan(1);
      }
    }
    expect(
      (await picture(`${pathOfMade(made[8] as Made)}/frames/2/rendered`)).bytes.byteLength,
    ).toBeGreaterThan(100);
    expect(
      (await picture(`${pathOfMade(made[8] as Made)}/frames/2/thumbnail`)).bytes.byteLength,
    ).toBeGreaterThan(100);
  });

  test("of what Orthanc cannot decode look as Orthanc's of the same pixels do", async () => {
    const query = "rendered?window=40,400,linear";
    const [theirs, ours] = await Promise.all(
      [ct, htj2k].map(async (path) =>
        sharp((await picture(`${path}/${query}`, "image/png")).bytes)
          .greyscale()
          .raw()
          .toBuffer(),
      ),
    );
    expect(ours?.byteLength).toBe(128 * 128);
    const differences = [...(ours ?? [])].map((level, index) => Math.abs(level - (theirs?.[index] ?? 0)));
    expect(Math.max(...differences)).toBeLessThanOrEqual(2);
    const other = await picture(`${htj2k}/rendered?window=1040,400,linear`, "image/png");
    expect((await sharp(other.bytes).greyscale().raw().toBuffer()).equals(ours ?? Buffer.alloc(0))).toBe(
      false,
    );
    const part = await picture(`${htj2k}/rendered?viewport=32,32,10,10,64,64`);
    expect(await sharp(part.bytes).metadata()).toMatchObject({ width: 32, height: 32 });
  });

  test.each([
    ["rendered?window=40", 400],
    ["rendered?window=a,b", 400],
    ["rendered?viewport=0,0", 400],
    ["thumbnail?quality=101", 400],
    ["frames/2/rendered", 404],
    ["frames/2/thumbnail", 404],
  ])("%s is refused: %d", async (what, status) => {
    for (const path of [ct, htj2k]) expect((await stack.fetch(`${path}/${what}`)).status).toBe(status);
  });

  test("are seen through a window that names no function, as thumbnails are", async () => {
    const told = await stack.fetch(`${ct}/rendered?window=40,400,linear`);
    const plain = await stack.fetch(`${ct}/rendered?window=40,400`);
    expect(plain.status).toBe(200);
    expect(Buffer.from(await plain.arrayBuffer()).equals(Buffer.from(await told.arrayBuffer()))).toBe(true);
  });

  test("are not there for images without rows, which Orthanc breaks the connection off at", async () => {
    const bytes = Buffer.from(await readFile(join(directory, "CT_small.dcm")));
    // Rows (0028,0010) US
    const rows = bytes.indexOf(Buffer.from("280010005553020080", "hex"));
    bytes.writeUInt16LE(0, rows + 8);
    const path = await pathOf(bytes);
    for (const uid of [sopOf((await metadata(ct))[0] ?? {}) as string])
      for (let at = bytes.indexOf(uid); at >= 0; at = bytes.indexOf(uid, at + 1))
        bytes.write(uid.endsWith("7") ? "8" : "7", at + uid.length - 1, "latin1");
    const own = await pathOf(bytes);
    expect(own).not.toBe(path);
    expect((await stack.storeOverWeb([bytes])).status).toBe(200);
    for (const what of ["rendered", "frames/1/rendered", "thumbnail"]) {
      const answer = await stack.fetch(`${own}/${what}`);
      // A thumbnail of nothing may be blank.
      expect(what === "thumbnail" ? [200, 404] : [404], what).toContain(answer.status);
    }
    expect((await stack.orthanc("/system")).status).toBe(200);
  });

  test("are not to be had in other formats, nor of what is none", async () => {
    const accept = { headers: { Accept: "video/mp4" } };
    expect((await stack.fetch(`${ct}/rendered`, accept)).status).toBe(406);
    const report = pathOfMade(made.find(({ name }) => name === "test-SR.dcm") as Made);
    expect((await stack.fetch(`${report}/thumbnail`)).status).toBe(404);
  });
});
