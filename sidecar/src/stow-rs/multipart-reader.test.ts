import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MultipartError, MultipartReader } from "./multipart-reader.js";

async function* inPieces(bytes: Buffer, sizes: readonly number[]): AsyncGenerator<Uint8Array, void> {
  await Promise.resolve();
  for (let at = 0, index = 0; at < bytes.length; index += 1) {
    const size = sizes[index % sizes.length] ?? 1;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

async function partsOf(bytes: Buffer, boundary: string, sizes: readonly number[] = [7]) {
  const reader = new MultipartReader(inPieces(bytes, sizes), boundary);
  const parts: { headers: string; body: string }[] = [];
  for (let headers = await reader.next(); headers !== undefined; headers = await reader.next()) {
    const pieces: Uint8Array[] = [];
    for await (const piece of reader.body()) pieces.push(piece);
    parts.push({ headers, body: Buffer.concat(pieces).toString("latin1") });
  }
  return parts;
}

const message = (...lines: string[]) => Buffer.from(lines.join("\r\n"), "latin1");

describe("a multipart body", () => {
  test("is read with preamble, epilogue, blanks behind the boundary, and a part without a header", async () => {
    const body = message(
      "preamble --b",
      "--b \t",
      "A: 1",
      "",
      "one",
      "--b",
      "",
      "two",
      "",
      "--b--",
      "epilogue",
    );
    for (const size of [1, 2, 3, 1_000])
      expect(await partsOf(body, "b", [size])).toEqual([
        { headers: "A: 1", body: "one" },
        { headers: "", body: "two\r\n" },
      ]);
  });

  test("may have empty parts, with and without a line end of their own", async () => {
    expect(await partsOf(message("--b", "A: 1", "", "--b", "A: 2", "", "", "--b--"), "b")).toEqual([
      { headers: "A: 1", body: "" },
      { headers: "A: 2", body: "" },
    ]);
  });

  test("may hold what begins like the boundary, and single bytes of it", async () => {
    const text = "\r\n--bb\r\n\r\n--b-\r\n-\r\n--";
    expect(await partsOf(message("--b", "A: 1", "", text, "--b--"), "b")).toEqual([
      { headers: "A: 1", body: text },
    ]);
  });

  test("gives back any bytes, however they are cut into chunks", async () => {
    const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array).toString("latin1"));
    // Line ends, hyphens and the boundary itself much more often than chance has them.
    const tricky = fc
      .array(fc.constantFrom("\r", "\n", "\r\n", "-", "--", "xyz", "--xy", "\r\n--xyzz", "\0", " "), {
        maxLength: 30,
      })
      .map((pieces) => pieces.join(""))
      .filter((text) => !/\r\n--xyz(?:--|[ \t]*\r\n|[ \t]*\r?$|-?$)/.test(`\r\n${text}`));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(bytes, tricky), { minLength: 1, maxLength: 4 }),
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 }),
        async (bodies, sizes) => {
          const lines = bodies.flatMap((body) => ["--xyz", "Content-Type: application/dicom", "", body]);
          const parts = await partsOf(message(...lines, "--xyz--"), "xyz", sizes);
          expect(parts.map(({ body }) => body)).toEqual(bodies);
        },
      ),
      { numRuns: 500 },
    );
  });

  test("cut off anywhere is an error, and gives no part more than it had", async () => {
    const whole = message("--b", "A: 1", "", "one", "--b", "A: 2", "", "two", "--b--");
    for (let end = 0; end < whole.length; end += 1)
      await expect(partsOf(whole.subarray(0, end), "b"), String(end)).rejects.toThrow(MultipartError);
    expect(await partsOf(whole, "b")).toHaveLength(2);
  });

  test("of another boundary, and a part's header without end, are errors", async () => {
    const body = message("--b", "A: 1", "", "one", "--b--");
    await expect(partsOf(body, "c")).rejects.toThrow("before its last boundary");
    const endless = message("--b", `A: ${"x".repeat(40_000)}`, "", "one", "--b--");
    await expect(partsOf(endless, "b", [1_000])).rejects.toThrow("header has no end");
  });

  test("is never in memory as a whole", async () => {
    const chunk = Buffer.alloc(64 * 1024, "x");
    let sent = 0;
    async function* source(): AsyncGenerator<Uint8Array, void> {
      await Promise.resolve();
      yield message("--b", "", "");
      for (; sent < 3_200; sent += 1) yield chunk;
      yield message("", "--b--");
    }
    const reader = new MultipartReader(source(), "b");
    await reader.next();
    let [bytes, longest] = [0, 0];
    for await (const piece of reader.body()) {
      bytes += piece.length;
      longest = Math.max(longest, piece.length);
    }
    expect(bytes).toBe(3_200 * chunk.length);
    expect(longest).toBeLessThanOrEqual(chunk.length + 16);
  });
});
