import { deflateRawSync } from "node:zlib";
import { expect, test } from "vitest";
import { createDemoStudy } from "../../../sidecar/src/phantom/demo-study.js";
import { readInstanceHeader } from "./instance-header.js";

const [file] = createDemoStudy({ seed: 7, slices: 1, rows: 64, columns: 64, studyDate: "20260102" });
const bytes = file?.bytes ?? new Uint8Array();
const metaLength = 132 + 12 + new DataView(bytes.buffer, bytes.byteOffset).getUint32(140, true);

test("whose an instance is, with the name in Korean as the file has it", async () => {
  expect(await readInstanceHeader(new Blob([bytes]))).toEqual({
    sopInstanceUid: file?.sopInstanceUid,
    studyInstanceUid: file?.studyInstanceUid,
    seriesInstanceUid: file?.seriesInstanceUid,
    patientId: "DEMO-0001",
    patientName: "Hong^Gildong=洪^吉洞=홍^길동",
    studyDate: "20260102",
    studyDescription: expect.any(String) as string,
    modality: "MR",
  });
});

test("a deflated data set is read as well (PS3.5 A.5)", async () => {
  const plain = Buffer.from("1.2.840.10008.1.2.1\0", "latin1");
  const meta = Buffer.from(bytes.subarray(0, metaLength));
  const at = meta.indexOf(plain);
  const deflatedSyntax = Buffer.from("1.2.840.10008.1.2.1.99", "latin1");
  const changed = Buffer.concat([meta.subarray(0, at), deflatedSyntax, meta.subarray(at + plain.length)]);
  changed.writeUInt16LE(deflatedSyntax.length, at - 2);
  changed.writeUInt32LE(changed.readUInt32LE(140) + 2, 140);
  const file99 = new Blob([changed, deflateRawSync(bytes.subarray(metaLength))]);
  expect((await readInstanceHeader(file99)).sopInstanceUid).toBe(file?.sopInstanceUid);
});

test("what is no instance says why", async () => {
  const reasonOf = (...parts: BlobPart[]) =>
    readInstanceHeader(new Blob(parts)).then(
      () => "read",
      (error: unknown) => (error as { reason?: string }).reason,
    );
  expect(await reasonOf()).toBe("empty");
  expect(await reasonOf("hello")).toBe("not-dicom");
  expect(await reasonOf(new Uint8Array(5_000))).toBe("not-dicom");
  expect(await reasonOf(bytes.subarray(0, metaLength + 40))).toBe("header-unreadable");
  expect(await reasonOf(bytes.subarray(0, 140))).toBe("header-unreadable");
  const noise = Buffer.from(bytes);
  noise.fill(0xff, metaLength, metaLength + 400);
  expect(await reasonOf(noise)).toBe("header-unreadable");
});

test("a medium's directory is told from an image", async () => {
  const directory = Buffer.from(bytes);
  const at = directory.indexOf("1.2.840.10008.5.1.4.1.1.4\0");
  directory.write("1.2.840.10008.1.3.10\0", at, "latin1");
  // The value keeps its length; what is behind the first zero is padding.
  directory.fill(0, at + 20, at + 26);
  await expect(readInstanceHeader(new Blob([directory]))).rejects.toMatchObject({
    reason: "directory-of-a-medium",
  });
});
