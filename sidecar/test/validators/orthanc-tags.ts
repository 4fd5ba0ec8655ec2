import dcmjs from "dcmjs";
import { DataSet } from "../../src/dicom/data-set.js";

type Elements = Record<string, { vr: string; Value: readonly unknown[] }>;

/** A Part 10 file's data set in the form that Orthanc's `/instances/{id}/tags` has. */
export function dataSetOf(file: Uint8Array): DataSet {
  const buffer = new Uint8Array(file).buffer;
  return DataSet.fromOrthancTags(orthancTags(dcmjs.data.DicomMessage.readFile(buffer).dict));
}

function orthancTags(elements: Elements): Record<string, unknown> {
  const tags: Record<string, unknown> = {};
  for (const [tag, { vr, Value }] of Object.entries(elements)) {
    if (tag === "7FE00010") continue;
    tags[`${tag.slice(0, 4)},${tag.slice(4)}`.toLowerCase()] =
      vr === "SQ"
        ? { Name: "", Type: "Sequence", Value: Value.map((item) => orthancTags(item as Elements)) }
        : { Name: "", Type: "String", Value: vr === "PN" ? String(Value) : Value.join("\\") };
  }
  return tags;
}
