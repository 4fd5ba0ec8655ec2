import { expect, test } from "vitest";
import { ArchiveError, type ArchivedInstance } from "../archive/archive.js";
import { DataSet } from "../dicom/data-set.js";
import type { DecodedFrame } from "../dicom/frame.js";
import type { OrthancId } from "../dicom/uid.js";
import type { InstanceRow } from "../state/records.js";
import type { SeriesDetails } from "../state/state.js";
import { ReadAhead } from "./read-ahead.js";
import { SourceImages } from "./source-images.js";

const format = {
  rows: 2,
  columns: 2,
  samplesPerPixel: 1,
  bitsAllocated: 16,
  bitsStored: 12,
  signed: false,
  photometricInterpretation: "MONOCHROME2",
};

/** An archive whose instances can be overwritten or made unreadable. */
function archiveOf(files: Map<string, string>, broken = new Set<string>()) {
  const asked: string[] = [];
  const describeInstance = (orthancId: OrthancId): Promise<ArchivedInstance> => {
    asked.push(`describe ${orthancId}`);
    const fileUuid = files.get(orthancId);
    if (fileUuid === undefined)
      return Promise.reject(new ArchiveError("instance-not-found", false, "it is gone"));
    const dataSet = DataSet.fromOrthancTags({});
    return Promise.resolve({ orthancId, fileUuid, dataSet } as ArchivedInstance);
  };
  const readFrame = (orthancId: OrthancId): Promise<DecodedFrame> => {
    asked.push(`frame ${orthancId}`);
    if (broken.has(orthancId)) return Promise.reject(new ArchiveError("archive-busy", true, "it is busy"));
    return Promise.resolve({ ...format, samples: Uint16Array.from(files.get(orthancId) ?? "", Number) });
  };
  return { asked, describeInstance, readFrame };
}

const row = (orthancId: string, fileUuid: string) => ({ orthancId: orthancId as OrthancId, fileUuid });

function readsOf(instances: ReturnType<typeof row>[]) {
  const series = { orthancId: "s", modality: "MR", state: "receiving" } as unknown as SeriesDetails;
  return {
    receivingSeries: () => Promise.resolve([{ ...series, instanceCount: instances.length }]),
    series: () => Promise.resolve({ ...series, instances: instances as InstanceRow[] }),
  };
}

const signal = new AbortController().signal;

test("images of a receiving series are read once, and an analysis finds them in memory", async () => {
  const archive = archiveOf(
    new Map([
      ["a", "1111"],
      ["b", "2222"],
    ]),
  );
  const images = new SourceImages(archive, 1e9, () => format);
  const rows = [row("a", "1111")];
  const ahead = new ReadAhead({ read: readsOf(rows), images, applies: () => true });
  await ahead.round(signal);
  rows.push(row("b", "2222"));
  await ahead.round(signal);
  await ahead.round(signal);
  expect(archive.asked).toEqual(["describe a", "frame a", "describe b", "frame b"]);
  expect((await images.describe(row("b", "2222"))).fileUuid).toBe("2222");
  expect([...(await images.readFrame(row("b", "2222"), 0, format)).samples]).toEqual([2, 2, 2, 2]);
  expect(archive.asked).toHaveLength(4);
});

test("an instance that was overwritten after it was read ahead is read again", async () => {
  const files = new Map([["a", "1111"]]);
  const archive = archiveOf(files);
  const images = new SourceImages(archive, 1e9, () => format);
  await images.readAhead(row("a", "1111"));
  files.set("a", "3333");
  expect([...(await images.readFrame(row("a", "3333"), 0, format)).samples]).toEqual([3, 3, 3, 3]);
});

test("a fault while reading ahead is nobody's failure: the analysis reads for itself", async () => {
  const broken = new Set(["a"]);
  const archive = archiveOf(new Map([["a", "1111"]]), broken);
  const images = new SourceImages(archive, 1e9, () => format);
  const reading = images.readAhead(row("a", "1111")).catch(() => "busy");
  broken.clear();
  expect([...(await images.readFrame(row("a", "1111"), 0, format)).samples]).toEqual([1, 1, 1, 1]);
  await reading;
});

test("an instance that is gone, and one no model reads, end no round", async () => {
  const archive = archiveOf(new Map([["b", "2222"]]));
  const images = new SourceImages(archive, 1e9, () => undefined);
  const rows = [row("a", "1111"), row("b", "2222")];
  await new ReadAhead({ read: readsOf(rows), images, applies: () => true }).round(signal);
  expect(archive.asked.sort()).toEqual(["describe a", "describe b"]);
  await expect(images.describe(row("a", "1111"))).rejects.toMatchObject({ code: "instance-not-found" });
});

test("a series that no model applies to is not read, and memory has an end", async () => {
  const files = new Map(Array.from({ length: 40 }, (_, index) => [`i${index}`, String(index)]));
  const archive = archiveOf(files);
  const rows = [...files].map(([id, uuid]) => row(id, uuid));
  const images = new SourceImages(archive, 1e6, () => format);
  // It is receiving all the same: a model may apply when there are more images.
  expect(await new ReadAhead({ read: readsOf(rows), images, applies: () => false }).round(signal)).toBe(1);
  expect(archive.asked).toEqual([]);
  await new ReadAhead({ read: readsOf(rows), images, applies: () => true }).round(signal);
  const read = archive.asked.filter((question) => question.startsWith("frame")).length;
  expect(read).toBeGreaterThan(5);
  expect(read).toBeLessThan(15);
  images.forget(rows);
  expect(images.wants(row("i0", "0"))).toBe(true);
});
