import { createRequire } from "node:module";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createDemoStudy } from "../../src/phantom/demo-study.js";
import { decodeIndependently } from "../stack/opj-decompress.js";
import { instancePath, People, PASSWORD } from "../stack/people.js";
import { tilePartEnds } from "../stack/tile-parts.js";
import { RunningStack } from "../stack/running-stack.js";

interface Decoder {
  getEncodedBuffer(bytes: number): Uint8Array;
  getDecodedBuffer(): Uint8Array;
  decodeSubResolution(level: number): void;
  delete(): void;
}
const createCodec = createRequire(import.meta.url)("@cornerstonejs/codec-openjph") as () => Promise<{
  HTJ2KDecoder: new () => Decoder;
}>;

const [image] = createDemoStudy({ seed: 41, slices: 1, rows: 512, columns: 512 });
if (image === undefined) throw new Error("the demo study has no image");
const frame = `${instancePath(image)}/frames/1`;
const JPHC = { Accept: "image/jphc" };

let stack: RunningStack;
let people: People;
let whole: Buffer;
let tag: string;

beforeAll(async () => {
  stack = await RunningStack.start();
  people = new People(stack);
  await people.store(image.bytes);
  const response = await stack.fetch(frame, { headers: JPHC });
  expect(response.status).toBe(200);
  tag = response.headers.get("etag") ?? "";
  whole = Buffer.from(await response.arrayBuffer());
});

afterAll(() => stack.stop());

const get = (headers: Record<string, string>) => stack.fetch(frame, { headers: { ...JPHC, ...headers } });
const bytesOf = async (response: Response) => Buffer.from(await response.arrayBuffer());

describe("a frame alone", () => {
  test("says how long it is, what it is, that parts of it may be asked for, and how long it may be kept", async () => {
    const { headers, status } = await get({});
    expect(status).toBe(200);
    expect(headers.get("content-length")).toBe(String(whole.byteLength));
    expect(headers.get("content-type")).toBe("image/jphc; transfer-syntax=1.2.840.10008.1.2.4.202");
    expect(headers.get("accept-ranges")).toBe("bytes");
    expect(headers.get("cache-control")).toBe("private, max-age=300, immutable");
    expect(headers.get("vary")?.split(", ")).toEqual(expect.arrayContaining(["Accept", "Authorization"]));
    expect(tag).toMatch(/^"[0-9a-f-]+"$/);
  });

  test.each([
    ["bytes=0-0", 0, 0],
    ["bytes=100-199", 100, 199],
    ["bytes=1000-", 1000, undefined],
    ["bytes=-7", -7, undefined],
    ["bytes=5-999999999", 5, undefined],
  ])("gives %s as 206", async (range, first, last) => {
    const response = await get({ Range: range });
    expect(response.status).toBe(206);
    const from = first < 0 ? whole.byteLength + first : first;
    const to = last ?? whole.byteLength - 1;
    expect(response.headers.get("content-range")).toBe(`bytes ${from}-${to}/${whole.byteLength}`);
    expect(response.headers.get("content-length")).toBe(String(to - from + 1));
    expect((await bytesOf(response)).equals(whole.subarray(from, to + 1))).toBe(true);
  });

  test("has nothing beyond its end: 416 with its length", async () => {
    const response = await get({ Range: `bytes=${whole.byteLength}-` });
    expect(response.status).toBe(416);
    expect(response.headers.get("content-range")).toBe(`bytes */${whole.byteLength}`);
  });

  test("comes whole where several ranges are asked for, or of something else by If-Range", async () => {
    for (const headers of [
      { Range: "bytes=0-1,5-6" },
      { Range: "bytes=0-9", "If-Range": '"other"' },
      { Range: "bytes=0-9", "If-Range": "Wed, 21 Oct 2015 07:28:00 GMT" },
    ]) {
      const response = await get(headers);
      expect(response.status).toBe(200);
      expect((await bytesOf(response)).byteLength).toBe(whole.byteLength);
    }
    expect((await get({ Range: "bytes=0-9", "If-Range": tag })).status).toBe(206);
  });

  test("is not sent again to who has it, and only after authorization", async () => {
    for (const known of [tag, `"other", W/${tag}`, "*"]) {
      const response = await get({ "If-None-Match": known });
      expect(response.status).toBe(304);
      expect(response.headers.get("etag")).toBe(tag);
      expect((await bytesOf(response)).byteLength).toBe(0);
    }
    expect((await get({ "If-None-Match": '"other"' })).status).toBe(200);
    const stranger = await people.token("no-reach", "radiologist", { labels: [], password: PASSWORD });
    for (const [token, status] of [
      [stranger, 403],
      ["forged", 401],
    ] as const) {
      for (const headers of [{ "If-None-Match": tag }, { Range: "bytes=0-9" }, {}]) {
        const response = await get({ ...headers, Authorization: `Bearer ${token}` });
        expect(response.status).toBe(status);
        expect(response.headers.get("etag")).toBeNull();
      }
    }
  });

  test("has another tag as several parts, in another order and of another frame list", async () => {
    const accept = { Accept: "multipart/related; type=image/jphc" };
    const tags = new Set([tag]);
    for (const list of ["1", "1,1", "1,1,1"]) {
      const responses = [];
      for (let again = 0; again < 2; again += 1)
        responses.push(await stack.fetch(frame.replace(/1$/, list), { headers: accept }));
      const [first, second] = responses.map(({ headers }) => headers.get("etag") ?? "");
      expect(first).toBe(second);
      tags.add(first ?? "");
      const bodies = await Promise.all(responses.map(bytesOf));
      expect(bodies[0]?.equals(bodies[1] ?? Buffer.alloc(0))).toBe(true);
    }
    expect(tags.size).toBe(4);
  });
});

describe("the first part of a frame", () => {
  test("up to the end of a tile-part is that resolution, to the bit", async () => {
    const { HTJ2KDecoder } = await createCodec();
    const decode = (codestream: Uint8Array, level: number) => {
      const decoder = new HTJ2KDecoder();
      try {
        decoder.getEncodedBuffer(codestream.byteLength).set(codestream);
        decoder.decodeSubResolution(level);
        return Buffer.from(decoder.getDecodedBuffer());
      } finally {
        decoder.delete();
      }
    };
    const ends = tilePartEnds(whole);
    expect(ends).toHaveLength(4);
    for (const [index, end] of ends.entries()) {
      const level = ends.length - 1 - index;
      const response = await get({ Range: `bytes=0-${end - 1}` });
      expect(response.status).toBe(206);
      const prefix = await bytesOf(response);
      expect(prefix.byteLength).toBe(end);
      const decoded = decode(prefix, level);
      expect(decoded.byteLength).toBe((512 >> level) ** 2 * 2);
      expect(decoded.equals(decode(whole, level))).toBe(true);
      // A decoder that shares nothing with ours sees the same in the whole stream at that resolution.
      expect((await decodeIndependently(whole, level)).equals(decoded)).toBe(true);
    }
    expect(ends[0]).toBeLessThan(whole.byteLength / 16);
  });
});
