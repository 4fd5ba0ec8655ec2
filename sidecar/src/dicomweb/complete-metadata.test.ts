import { expect, test } from "vitest";
import type { OrthancId } from "../dicom/uid.js";
import { completeMetadata } from "./complete-metadata.js";
import { objectsOf } from "./json-objects.js";

const known = {
  orthancId: "a" as OrthancId,
  seriesInstanceUid: "1.2",
  sopInstanceUid: "1.3",
  fileUuid: "f",
  transferSyntaxUid: "1.2.840.10008.1.2.4.90",
  numberOfFrames: 3,
  renditionMd5: null,
  rendered: true,
};
const complete = (text: string) =>
  completeMetadata(
    Buffer.from(text),
    (sop) => (sop === "1.3" ? known : undefined),
    () => "https://x/i",
  );
const INSTANCE = `{
  "00080018" : { "vr":"UI", "Value":["1.3"] },
  "00280010" : {"vr":"US","Value":[512]}, "00281052":{"vr":"DS","Value":[-1024.0]},
  "00324000" : {"vr":"LT","Value":["a \\"}],{ \\\\"]} , "52009229":{"vr":"SQ","Value":[{"00080018":{"Value":["9"]}}]}
}`;

test("what Orthanc wrote stays as it was, and what it did not say stands in its place", () => {
  expect(complete(INSTANCE)).toBe(
    `{"00080018" : { "vr":"UI", "Value":["1.3"] },` +
      `"00083002":{"vr":"UI","Value":["1.2.840.10008.1.2.4.90","1.2.840.10008.1.2.4.202"]},` +
      `"00280010" : {"vr":"US","Value":[512]},"00281052":{"vr":"DS","Value":[-1024.0]},` +
      `"00324000" : {"vr":"LT","Value":["a \\"}],{ \\\\"]},"52009229":{"vr":"SQ","Value":[{"00080018":{"Value":["9"]}}]},` +
      `"7FE00010":{"vr":"OB","BulkDataURI":"https://x/i/frames/1,2,3"}}`,
  );
});

test("what a newer Orthanc says is kept", () => {
  const told = INSTANCE.replace(
    "{",
    '{"00083002":{"vr":"UI","Value":["1.2.3"]},"7FE00010":{"BulkDataURI":"y"},',
  );
  const completed = JSON.parse(complete(told)) as Record<string, { Value?: string[]; BulkDataURI?: string }>;
  expect(completed["00083002"]?.Value?.[0]).toBe("1.2.3");
  expect(completed["00083002"]?.Value).toHaveLength(3);
  expect(completed["7FE00010"]?.BulkDataURI).toBe("y");
});

test("an instance that is not known stays as it is, but for whitespace", () => {
  const other = INSTANCE.replace("1.3", "1.4");
  expect(JSON.parse(complete(other))).toEqual(JSON.parse(other));
});

test("objects are found however the stream is cut", async () => {
  const text = Buffer.from(`[ ${INSTANCE},\n{"a":"é]}"} ,{}]`);
  for (const size of [1, 2, 7, 64, 10_000]) {
    const chunks = Array.from({ length: Math.ceil(text.byteLength / size) }, (_, index) =>
      text.subarray(index * size, (index + 1) * size),
    );
    const found: unknown[] = [];
    for await (const object of objectsOf(
      (async function* () {
        await Promise.resolve();
        yield* chunks;
      })(),
    ))
      found.push(JSON.parse(object.toString()));
    expect(found).toEqual([JSON.parse(INSTANCE), { a: "é]}" }, {}]);
  }
});

test.each(['{"a":1}', "[{}", '[{"a":"}'])("%s is no list of objects", async (text) => {
  const read = async () => {
    for await (const object of objectsOf([Buffer.from(text)] as unknown as AsyncIterable<Uint8Array>))
      expect(object.byteLength).toBeGreaterThan(0);
  };
  await expect(read()).rejects.toBeInstanceOf(SyntaxError);
});
