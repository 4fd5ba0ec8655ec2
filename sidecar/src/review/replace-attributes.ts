import dicomParser from "dicom-parser";
import { TRANSFER_SYNTAX } from "../dicom/transfer-syntax.js";
import { writePart10File, type DicomObject } from "../segmentation/part10-file.js";

/** Value representations whose length has four bytes, behind two that are reserved (PS3.5 7.1.2). */
const LONG = new Set(["OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV"]);

/**
 * Another instance with the same content but for some attributes of its top level. All other elements are copied byte
 * by byte: what was measured is not written anew.
 * @param file a Part 10 file in Explicit VR Little Endian, as segmentation/part10-file.ts writes it
 * @param changes take the place of the attributes they name, or are added
 * @throws TypeError when the file is of another kind
 */
export function replaceAttributes(
  file: Uint8Array,
  changes: DicomObject & { readonly SOPClassUID: string; readonly SOPInstanceUID: string },
): Uint8Array<ArrayBuffer> {
  // The file meta information names the new instance.
  const changed = elementsOf(writePart10File({ SpecificCharacterSet: "ISO_IR 192", ...changes }));
  const elements = new Map([...elementsOf(file).elements, ...changed.elements]);
  const sorted = [...elements].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, bytes]) => bytes);
  return Buffer.concat([changed.meta, ...sorted]);
}

interface FileElements {
  /** Preamble and file meta information. */
  readonly meta: Uint8Array;
  /** Each element of the top level with its header, by its tag. */
  readonly elements: ReadonlyMap<string, Uint8Array>;
}

function elementsOf(file: Uint8Array): FileElements {
  const dataSet = dicomParser.parseDicom(file);
  if (dataSet.string("x00020010")?.trim() !== TRANSFER_SYNTAX.ExplicitVRLittleEndian)
    throw new TypeError("the file is not in Explicit VR Little Endian");
  const starts = Object.values(dataSet.elements)
    .map(({ tag, vr = "", dataOffset }) => ({ tag, start: dataOffset - (LONG.has(vr) ? 12 : 8) }))
    .sort((one, other) => one.start - other.start);
  const ofDataSet = starts.filter(({ tag }) => !tag.startsWith("x0002"));
  return {
    meta: file.subarray(0, ofDataSet[0]?.start ?? file.byteLength),
    elements: new Map(
      ofDataSet.map(({ tag, start }, index) => [
        tag,
        file.subarray(start, ofDataSet[index + 1]?.start ?? file.byteLength),
      ]),
    ),
  };
}
