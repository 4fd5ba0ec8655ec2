import { python } from "../stack/pydicom.js";

/** A SEG as pydicom reads it. */
export interface ReadSegmentation {
  readonly patientName: string;
  readonly specificCharacterSet: string;
  readonly transferSyntaxUid: string;
  readonly rows: number;
  readonly columns: number;
  readonly segments: readonly {
    readonly number: number;
    readonly label: string;
    readonly trackingUid: string;
  }[];
  readonly frames: readonly {
    readonly segmentNumber: number;
    readonly positionMm: readonly number[];
    readonly orientation: readonly number[];
    readonly sourceSopInstanceUid: string;
    /** Indices of the pixels that are 1, row by row. */
    readonly pixels: readonly number[];
  }[];
}

const PROGRAM = `
import json, sys
import numpy, pydicom
dataset = pydicom.dcmread(sys.argv[1])
pixels = dataset.pixel_array.reshape(-1, dataset.Rows, dataset.Columns)
orientation = dataset.SharedFunctionalGroupsSequence[0].PlaneOrientationSequence[0].ImageOrientationPatient
frames = []
for index, groups in enumerate(dataset.PerFrameFunctionalGroupsSequence):
    source = groups.DerivationImageSequence[0].SourceImageSequence[0]
    frames.append({
        "segmentNumber": int(groups.SegmentIdentificationSequence[0].ReferencedSegmentNumber),
        "positionMm": [float(value) for value in groups.PlanePositionSequence[0].ImagePositionPatient],
        "orientation": [float(value) for value in orientation],
        "sourceSopInstanceUid": str(source.ReferencedSOPInstanceUID),
        "pixels": numpy.flatnonzero(pixels[index]).tolist(),
    })
print(json.dumps({
    "patientName": str(dataset.PatientName),
    "specificCharacterSet": str(dataset.SpecificCharacterSet),
    "transferSyntaxUid": str(dataset.file_meta.TransferSyntaxUID),
    "rows": int(dataset.Rows),
    "columns": int(dataset.Columns),
    "segments": [
        {"number": int(item.SegmentNumber), "label": str(item.SegmentLabel), "trackingUid": str(item.TrackingUID)}
        for item in dataset.SegmentSequence
    ],
    "frames": frames,
}))
`;

/** Reads a SEG back with pydicom and NumPy. */
export async function readSegmentation(path: string): Promise<ReadSegmentation> {
  return JSON.parse(await python(PROGRAM, "", path)) as ReadSegmentation;
}
