import { createDeflateRaw } from "node:zlib";
import { describe, expect, test } from "vitest";
import { part10File } from "../../test/stack/part10.js";
import { withHtj2kPixels } from "./replace-pixel-data.js";
import { TRANSFER_SYNTAX } from "./transfer-syntax.js";

const MEGABYTE = 1 << 20;
const meta = part10File([], TRANSFER_SYNTAX.DeflatedExplicitVRLittleEndian);
/** The file meta information alone: what is deflated follows. */
const beginning = meta.subarray(0, meta.indexOf("1.2.840.10008.1.2.1.99") + 22);

describe("a deflated file", () => {
  test("that cannot be inflated is refused as a file, not as a failure of ours", async () => {
    const broken = Buffer.concat([beginning, Buffer.from([0x00, 1, 2, 3, 4, 5, 6, 7])]);
    await expect(withHtj2kPixels(inOneGo(broken), [])).rejects.toMatchObject({
      name: "FileFormatError",
      message: "its data set cannot be inflated",
    });
  });

  test("of a few hundred kilobytes that says it has a value of gigabytes is refused before it is inflated", async () => {
    let given = 0;
    async function* bomb(): AsyncGenerator<Uint8Array> {
      yield beginning;
      const deflate = createDeflateRaw({ level: 1 });
      deflate.write(Buffer.from("\x09\0\x01\x10OB\0\0\0\0\0\x7f", "latin1"));
      void (async () => {
        const zeros = Buffer.alloc(MEGABYTE);
        for (; given < 2_000 && !deflate.destroyed; given += 1)
          await new Promise((resolve) => deflate.write(zeros, resolve));
      })();
      yield* deflate as AsyncIterable<Uint8Array>;
    }
    await expect(withHtj2kPixels(bomb(), [])).rejects.toMatchObject({
      name: "FileFormatError",
      message: "a value in it is too large to be held",
    });
    expect(given).toBeLessThan(100);
  });
});

async function* inOneGo(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  await Promise.resolve();
  yield bytes;
}
