import { describe, expect, test } from "vitest";
import { part10File as file, type Part10Element } from "../../test/stack/part10.js";
import { HeaderError, readInstanceIdentity } from "./part10-identity.js";
import { TRANSFER_SYNTAX } from "./transfer-syntax.js";

const STANDARD: readonly Part10Element[] = [
  { tag: 0x00080005, vr: "CS", value: "ISO_IR 100" },
  { tag: 0x00080016, vr: "UI", value: "1.2.840.10008.5.1.4.1.1.4\0" },
  { tag: 0x00080018, vr: "UI", value: "1.2.3.4\0" },
  { tag: 0x00100020, vr: "LO", value: "P-1 " },
  { tag: 0x00100021, vr: "LO", value: "Issuer" },
  { tag: 0x0020000d, vr: "UI", value: "1.2.3\0" },
  { tag: 0x0020000e, vr: "UI", value: "1.2.3.5\0" },
];

function identity(bytes: Uint8Array) {
  const reads: number[] = [];
  const read = (position: number, length: number) => {
    reads.push(length);
    return Promise.resolve(bytes.subarray(position, position + length));
  };
  return readInstanceIdentity(read).then((found) => ({ ...found, bytesRead: Math.max(...reads) }));
}

const without = (tag: number) => STANDARD.filter((each) => each.tag !== tag);
const sorted = (elements: readonly Part10Element[]) => [...elements].sort((a, b) => a.tag - b.tag);
const EXPECTED = {
  sopClassUid: "1.2.840.10008.5.1.4.1.1.4",
  sopInstanceUid: "1.2.3.4",
  studyInstanceUid: "1.2.3",
  seriesInstanceUid: "1.2.3.5",
  patient: { patientId: "P-1", issuerOfPatientId: "Issuer" },
};

describe("whose a Part 10 file is", () => {
  test.each([
    TRANSFER_SYNTAX.ExplicitVRLittleEndian,
    TRANSFER_SYNTAX.ImplicitVRLittleEndian,
    TRANSFER_SYNTAX.ExplicitVRBigEndian,
    TRANSFER_SYNTAX.DeflatedExplicitVRLittleEndian,
    TRANSFER_SYNTAX.JPEG2000Lossless,
  ])("is read in transfer syntax %s", async (syntax) => {
    expect(await identity(file(STANDARD, syntax))).toMatchObject(EXPECTED);
  });

  test("is read without its pixels, and behind a private element of a megabyte", async () => {
    const pixels = { tag: 0x7fe00010, vr: "OW", value: "x".repeat(5_000_000) };
    expect((await identity(file([...STANDARD, pixels]))).bytesRead).toBe(65_536);
    const large = { tag: 0x00090010, vr: "OB", value: "x".repeat(1_000_000) };
    const found = await identity(file(sorted([...STANDARD, large, pixels])));
    expect(found).toMatchObject(EXPECTED);
    expect(found.bytesRead).toBeLessThanOrEqual(2_000_000);
  });

  test("is read from a deflated file that would be gigabytes, without inflating them", async () => {
    const zeros = { tag: 0x7fe00010, vr: "OW", value: "\0".repeat(60_000_000) };
    const bomb = file([...STANDARD, zeros], TRANSFER_SYNTAX.DeflatedExplicitVRLittleEndian);
    expect(bomb.length).toBeLessThan(100_000);
    expect(await identity(bomb)).toMatchObject(EXPECTED);
  });

  test("is read with a Korean Patient ID, in UTF-8 and in ISO 2022 IR 149", async () => {
    const utf8 = Buffer.from("환자-1", "utf8").toString("latin1");
    for (const [characterSet, patientId] of [
      ["ISO_IR 192", utf8],
      ["\\ISO 2022 IR 149", "\x1b$)C\xc8\xaf\xc0\xda-1"],
    ] as const) {
      const elements = [...without(0x00080005).filter(({ tag }) => tag !== 0x00100020)];
      const korean = [
        { tag: 0x00080005, vr: "CS", value: characterSet },
        { tag: 0x00100020, vr: "LO", value: patientId },
      ];
      expect((await identity(file(sorted([...elements, ...korean])))).patient?.patientId).toBe("환자-1");
    }
  });

  test("without a patient there is an empty one; text that cannot be decoded makes none", async () => {
    const nobody = without(0x00100020).filter(({ tag }) => tag !== 0x00100021);
    expect((await identity(file(nobody))).patient).toEqual({ patientId: "", issuerOfPatientId: "" });
    const broken = sorted([...without(0x00100020), { tag: 0x00100020, vr: "LO", value: "P\x85" }]);
    expect((await identity(file(broken))).patient).toBeUndefined();
  });

  test.each<[string, Buffer]>([
    ["nothing", Buffer.alloc(0)],
    ["text", Buffer.from("not a DICOM file\n".repeat(20))],
    ["a preamble alone", Buffer.concat([Buffer.alloc(128), Buffer.from("DICM")])],
    ["no Study Instance UID", file(without(0x0020000d))],
    ["no Series Instance UID", file(without(0x0020000e))],
    ["no SOP Instance UID", file(without(0x00080018))],
    [
      "a UID that is none",
      file(sorted([...without(0x0020000d), { tag: 0x0020000d, vr: "UI", value: "../../x." }])),
    ],
    ["a header cut off", file(STANDARD).subarray(0, 200)],
    // Two readers could take one patient each.
    [
      "two Patient IDs",
      file([...STANDARD.slice(0, 4), { tag: 0x00100020, vr: "LO", value: "P-2 " }, ...STANDARD.slice(4)]),
    ],
    [
      "a Patient ID behind the UIDs",
      file([...without(0x00100020).slice(0, -1), ...STANDARD.slice(3, 4), ...STANDARD.slice(-1)]),
    ],
    ["two transfer syntaxes", Buffer.concat([file([]), file(STANDARD).subarray(132)])],
    [
      "a length beyond the file",
      Buffer.concat([
        file(STANDARD.slice(0, 3)),
        Buffer.from([9, 0, 0, 0, 79, 66, 0, 0, 255, 255, 255, 127]),
      ]),
    ],
    [
      "random bytes behind the prefix",
      Buffer.concat([
        file([]),
        Buffer.from(Array.from({ length: 4_000 }, (_, index) => (index * 7_919) % 251)),
      ]),
    ],
  ])("%s is an error", async (_name, bytes) => {
    await expect(identity(bytes)).rejects.toThrow(HeaderError);
  });
});
