import { createRequire } from "node:module";
import { Readable } from "node:stream";
import { withHtj2kPixels } from "../../src/dicom/replace-pixel-data.js";
import type { DemoFile } from "../../src/phantom/demo-study.js";

interface J2KEncoder {
  getDecodedBuffer(info: object): Uint8Array;
  getEncodedBuffer(): Uint8Array;
  setQuality(lossless: boolean, rate: number): void;
  encode(): void;
  delete(): void;
}

/** Values of UI are padded with NUL; two of them do not shift what follows. */
const FROM = Buffer.from("1.2.840.10008.1.2.4.202\0");
const TO = Buffer.from("1.2.840.10008.1.2.4.90\0\0");

/** A demo image of these rows and columns as a modality would have stored it in JPEG 2000 (lossless only, .90). */
export async function asJpeg2000(file: DemoFile, rows: number, columns: number): Promise<DemoFile> {
  const create = createRequire(import.meta.url)("@cornerstonejs/codec-openjpeg") as () => Promise<{
    J2KEncoder: new () => J2KEncoder;
  }>;
  const encoder = new (await create()).J2KEncoder();
  const info = { width: columns, height: rows, bitsPerSample: 12, componentCount: 1, isSigned: false };
  encoder.getDecodedBuffer(info).set(file.bytes.subarray(-rows * columns * 2));
  encoder.setQuality(true, 0);
  encoder.encode();
  const codestream = Uint8Array.from(encoder.getEncodedBuffer());
  encoder.delete();
  const pieces = await withHtj2kPixels(Readable.from([Buffer.from(file.bytes)]), [codestream]);
  const bytes = Buffer.concat(pieces);
  TO.copy(bytes, bytes.indexOf(FROM));
  return { ...file, bytes: new Uint8Array(bytes) };
}
