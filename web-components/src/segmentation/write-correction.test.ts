import { parseDicom } from "dicom-parser";
import { expect, test } from "vitest";
import type { SeriesImage } from "../imaging/series-images.js";
import {
  concatenate,
  element,
  join,
  sequence,
  text,
  unsignedLongs,
  unsignedShort,
} from "./dicom-elements.js";
import { EditedSegmentation } from "./edited-segmentation.js";
import { framesOnImage, readSegmentation } from "./read-segmentation.js";
import { writeCorrection } from "./write-correction.js";

const images = ["1.1", "1.2", "1.3"].map((sopInstanceUid, index) => ({
  imageId: `id-${sopInstanceUid}`,
  sopInstanceUid,
  sopClassUid: "1.2.840.10008.5.1.4.1.1.4",
  frameNumber: 1,
  rows: 3,
  columns: 3,
  metadata: {},
  position: [-100 / 3, 0.1 + 0.2, index * 5] as const,
})) as unknown as SeriesImage[];

/** A sequence of one item, both ended by delimiters (PS3.5 7.5), as many programs write them. */
function withoutLengths(tag: string, content: [string, Uint8Array][]): [string, Uint8Array] {
  const [, header] = element(tag, "SQ", new Uint8Array());
  header.fill(0xff, 8);
  const item = Uint8Array.of(0xfe, 0xff, 0x00, 0xe0, 0xff, 0xff, 0xff, 0xff);
  const ends = Uint8Array.of(0xfe, 0xff, 0x0d, 0xe0, 0, 0, 0, 0, 0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0);
  return [tag, concatenate([header, item, join(new Map(content)), ends])];
}

/** A SEG of two segments on 3 × 3 pixels: the first on image 1.1. */
function original(type = "BINARY"): Uint8Array {
  const segment = (number: number) =>
    new Map([
      unsignedShort("00620004", number),
      text("00620005", "LO", `Segment ${number}`),
      text("00620008", "CS", "AUTOMATIC"),
    ]);
  const meta = new Map([
    text("00020002", "UI", "1.2.840.10008.5.1.4.1.1.66.4"),
    text("00020003", "UI", "2.1"),
    text("00020010", "UI", "1.2.840.10008.1.2.1"),
  ]);
  const groups = new Map([
    sequence("0062000a", [new Map([unsignedShort("0062000b", 1)])]),
    sequence("00209113", [new Map([text("00200032", "DS", "-33.3333333333\\0.3\\0")])]),
  ]);
  const content = new Map([
    text("00080016", "UI", "1.2.840.10008.5.1.4.1.1.66.4"),
    text("00080018", "UI", "2.1"),
    withoutLengths("00081115", [text("0020000e", "UI", "1.2.9")]),
    element("00100010", "PN", new TextEncoder().encode("홍길동")),
    text("00280008", "IS", "1"),
    unsignedShort("00280010", 3),
    unsignedShort("00280011", 3),
    text("00620001", "CS", type),
    sequence("00620002", [segment(1), segment(2)]),
    sequence("52009230", [groups]),
    element("7fe00010", "OB", Uint8Array.of(0b0001_0011, 0)),
  ]);
  const preamble = new Uint8Array(132);
  preamble.set(new TextEncoder().encode("DICM"), 128);
  const header = join(meta);
  return concatenate([preamble, unsignedLongs("00020000", [header.byteLength])[1], header, join(content)]);
}

test("a correction is read back as it was drawn: new frames on the images they are on, the rest of the file as it was", () => {
  const edited = new EditedSegmentation(readSegmentation(original()), images);
  const [, , third] = images;
  if (third === undefined) throw new Error("three images");
  edited.begin(third, { column: 2.5, row: 2.5 }, { mode: "paint", segment: 2, size: 1 });
  edited.end();
  const uids = ["2.25.1", "2.25.2"];
  const file = writeCorrection(original(), edited, () => uids.shift() ?? "");
  const read = readSegmentation(file);
  expect(read.sopInstanceUid).toBe("2.25.1");
  const pixels = images.map((image) =>
    framesOnImage(read, image).map(({ segmentNumber, coverage }) => [
      segmentNumber,
      [...coverage()].map((value) => value / 255).join(""),
    ]),
  );
  expect(pixels).toEqual([[[1, "110010000"]], [], [[2, "000000001"]]]);
  const dataSet = parseDicom(file);
  expect(dataSet.string("x00020003")).toBe("2.25.1");
  expect(dataSet.string("x0020000e")).toBe("2.25.2");
  expect(dataSet.string("x00280008")).toBe("2");
  const name = dataSet.elements["x00100010"];
  expect(
    new TextDecoder().decode(
      Uint8Array.from(file.subarray(name?.dataOffset, (name?.dataOffset ?? 0) + (name?.length ?? 0))),
    ),
  ).toContain("홍길동");
  const series = dataSet.elements["x00081115"]?.items?.[0]?.dataSet;
  expect(series?.string("x0020000e")).toBe("1.2.9");
  const types = dataSet.elements["x00620002"]?.items?.map(({ dataSet: item }) => item?.string("x00620008"));
  expect(types).toEqual(["SEMIAUTOMATIC", "SEMIAUTOMATIC"]);
  const position =
    dataSet.elements["x52009230"]?.items?.[0]?.dataSet?.elements["x00209113"]?.items?.[0]?.dataSet?.string(
      "x00200032",
    );
  for (const part of position?.split("\\") ?? [""]) expect(part.length).toBeLessThanOrEqual(16);
});

test("nothing left, or a map of probabilities, is not written", () => {
  const edited = new EditedSegmentation(readSegmentation(original()), images);
  for (const plane of edited.planes) plane.labels.fill(0);
  expect(() => writeCorrection(original(), edited)).toThrow("nothing is segmented");
  expect(() => writeCorrection(original("FRACTIONAL"), edited)).toThrow("only BINARY");
});
