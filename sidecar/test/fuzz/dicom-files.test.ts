import fc from "fast-check";
import { expect } from "vitest";
import { FileFormatError } from "../../src/dicom/byte-feed.js";
import { HeaderError, readInstanceIdentity } from "../../src/dicom/part10-identity.js";
import { readNativePixels } from "../../src/dicom/part10-pixels.js";
import { withHtj2kPixels } from "../../src/dicom/replace-pixel-data.js";
import { TRANSFER_SYNTAX } from "../../src/dicom/transfer-syntax.js";
import { createDemoStudy } from "../../src/phantom/demo-study.js";
import { pydicomFile } from "../stack/pydicom-files.js";
import { fuzz } from "./fuzz.js";
import { mutated } from "./mutation.js";

const PYDICOM = [
  "MR_small.dcm",
  "MR_small_implicit.dcm",
  "MR_small_bigendian.dcm",
  "MR_small_RLE.dcm",
  "image_dfl.dcm",
  "SC_rgb_jpeg_gdcm.dcm",
];
const phantom = createDemoStudy({ seed: 5, slices: 1, rows: 32, columns: 32 }).map(({ bytes }) => bytes);
const files = [...phantom, ...(await Promise.all(PYDICOM.map(pydicomFile)))];

/** What was a file is read as it was before its changes only by chance: here only the ways to fail count. */
function endsInOneOf(error: unknown, ...kinds: (new (...given: never[]) => Error)[]): void {
  if (!kinds.some((kind) => error instanceof kind)) throw error;
}

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  await Promise.resolve();
  for (let at = 0; at < bytes.byteLength; at += size) yield bytes.subarray(at, at + size);
}

fuzz("whose a changed file is, is read or refused as a header that cannot be read", mutated(files), (file) =>
  readInstanceIdentity((position, length) =>
    Promise.resolve(file.subarray(position, position + length)),
  ).then(
    ({ studyInstanceUid }) => expect(studyInstanceUid).toMatch(/^[0-9.]{1,64}$/),
    (error: unknown) => endsInOneOf(error, HeaderError),
  ),
);

fuzz(
  "the pixels of a changed file lie within it, or are left to the archive",
  fc.tuple(mutated(files), fc.constantFrom(...Object.values(TRANSFER_SYNTAX))),
  ([file, syntax]) => {
    const pixels = readNativePixels(file, syntax)?.pixelData;
    if (pixels === undefined) return;
    expect(pixels.byteOffset).toBeGreaterThanOrEqual(file.byteOffset);
    expect(pixels.byteOffset + pixels.byteLength).toBeLessThanOrEqual(file.byteOffset + file.byteLength);
  },
);

fuzz(
  "a changed file with its pixels replaced is a DICOM file, or refused as no file of that format",
  fc.tuple(mutated(files), fc.integer({ min: 1, max: 70_000 })),
  async ([file, size]) => {
    try {
      const pieces = await withHtj2kPixels(inPieces(file, size), [Uint8Array.of(1, 2, 3, 4)]);
      expect(Buffer.concat(pieces).toString("latin1", 128, 132)).toBe("DICM");
    } catch (error) {
      endsInOneOf(error, FileFormatError);
    }
  },
);
