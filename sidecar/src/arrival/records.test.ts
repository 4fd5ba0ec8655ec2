import { expect, test } from "vitest";
import type { IndexedInstance } from "../archive/archive.js";
import type { OrthancId } from "../dicom/uid.js";
import { instanceOf } from "./records.js";

const indexed: IndexedInstance = {
  orthancId: "instance" as OrthancId,
  seriesId: "series" as OrthancId,
  fileUuid: "file",
  sopInstanceUid: "1.2.3",
  sopClassUid: "1.2.840.10008.5.1.4.1.1.4",
  transferSyntaxUid: "1.2.840.10008.1.2.1",
  instanceNumber: "1",
  numberOfFrames: "",
  receivedAt: new Date("2026-01-01T12:00:00Z"),
};

test("what the archive received before waits in the background; of what it does not say when, nothing is assumed", () => {
  const urgency = (receivedAt: Date | null) =>
    instanceOf({ ...indexed, receivedAt }, new Date("2026-01-01T11:00:00Z")).urgency;
  expect(urgency(new Date("2026-01-01T12:00:00Z"))).toBe("live");
  expect(urgency(new Date("2026-01-01T11:00:00Z"))).toBe("live");
  expect(urgency(new Date("2026-01-01T10:59:59Z"))).toBe("background");
  expect(urgency(null)).toBe("live");
});
