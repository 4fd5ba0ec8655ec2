import dcmjs from "dcmjs";
import { derivedUid } from "./uid.js";
import { TRANSFER_SYNTAX } from "./transfer-syntax.js";
import type { Code } from "./code.js";

/** A data set by keyword, as dcmjs writes it: sequences are arrays of items, binary values ArrayBuffers. */
export interface NaturalDataSet {
  readonly [keyword: string]: NaturalValue;
}
export type NaturalValue =
  | string
  | number
  | ArrayBuffer
  | readonly string[]
  | readonly number[]
  | readonly NaturalDataSet[]
  | Readonly<Record<string, string>>
  | undefined;

/** PS3.7 D.3.3.2: who wrote the file. */
const IMPLEMENTATION_CLASS_UID = derivedUid("neuronova", "implementation-class");
const IMPLEMENTATION_VERSION_NAME = "NEURONOVA_1";

interface DicomWriter {
  DicomMetaDictionary: { denaturalizeDataset(dataSet: object): object };
  DicomDict: new (meta: object) => { dict: object; write(options?: object): ArrayBuffer };
}

/**
 * A Part 10 file (PS3.10) in Explicit VR Little Endian with UTF-8 text. The same data set gives the same bytes.
 * Attributes of value undefined are left out; "" is written as an empty value (type 2).
 */
export function writePart10(dataSet: NaturalDataSet): Uint8Array {
  const { DicomMetaDictionary, DicomDict } = (dcmjs as unknown as { data: DicomWriter }).data;
  const meta = DicomMetaDictionary.denaturalizeDataset({
    FileMetaInformationVersion: Uint8Array.of(0, 1).buffer,
    MediaStorageSOPClassUID: dataSet["SOPClassUID"],
    MediaStorageSOPInstanceUID: dataSet["SOPInstanceUID"],
    TransferSyntaxUID: TRANSFER_SYNTAX.ExplicitVRLittleEndian,
    ImplementationClassUID: IMPLEMENTATION_CLASS_UID,
    ImplementationVersionName: IMPLEMENTATION_VERSION_NAME,
    _vrMap: { FileMetaInformationVersion: "OB" },
  });
  const file = new DicomDict(meta);
  file.dict = DicomMetaDictionary.denaturalizeDataset(
    defined({ ...dataSet, SpecificCharacterSet: "ISO_IR 192" }),
  );
  return new Uint8Array(file.write());
}

/** A Code Sequence: one item. */
export function codeSequence({ value, scheme, meaning }: Code): readonly NaturalDataSet[] {
  return [{ CodeValue: value, CodingSchemeDesignator: scheme, CodeMeaning: meaning }];
}

function defined(dataSet: NaturalDataSet): NaturalDataSet {
  return Object.fromEntries(Object.entries(dataSet).filter(([, value]) => value !== undefined));
}
