import { derivedUid, type Uid } from "../../src/dicom/uid.js";
import { acquire, axialGrid } from "../../src/phantom/acquire.js";
import { createHead } from "../../src/phantom/head.js";
import { writePart10File } from "../../src/segmentation/part10-file.js";

export interface EnhancedStudy {
  readonly studyInstanceUid: Uid;
  readonly seriesInstanceUid: Uid;
  readonly sopInstanceUid: Uid;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** 1 where the phantom's lesion is, of each frame. */
  readonly lesions: readonly Uint8Array[];
  /** z of each frame, in mm. */
  readonly positionsMm: readonly number[];
}

/**
 * The brain phantom as one Enhanced MR image. Its frames are in no order of position, and each has a slope of its own
 * that its stored values make up for: who mixes up frames sees nothing that looks like a brain.
 */
export function enhancedStudy(seed: number, slices = 24, side = 128): EnhancedStudy {
  const grid = axialGrid(slices, side, side);
  const head = createHead({ seed, lesion: { centreMm: [32, -14, 22], radiusMm: 15 } });
  const acquired = acquire(head, grid, { seed });
  const order = acquired.map((_, index) => (index * 7) % slices);
  const frames = order.flatMap((index) => acquired[index] ?? []);
  const slope = (frame: number) => 1 + (frame % 4);
  const studyInstanceUid = derivedUid("enhanced study", String(seed));
  const seriesInstanceUid = derivedUid(studyInstanceUid, "series");
  const sopInstanceUid = derivedUid(seriesInstanceUid, "instance");
  const bytes = writePart10File({
    SpecificCharacterSet: "ISO_IR 192",
    SOPClassUID: "1.2.840.10008.5.1.4.1.1.4.1",
    SOPInstanceUID: sopInstanceUid,
    StudyInstanceUID: studyInstanceUid,
    SeriesInstanceUID: seriesInstanceUid,
    FrameOfReferenceUID: derivedUid(studyInstanceUid, "frame of reference"),
    PatientName: "Enhanced^MR",
    PatientID: `ENHANCED-${seed}`,
    PatientBirthDate: "19700101",
    PatientSex: "O",
    StudyDate: "20250301",
    StudyTime: "093000",
    StudyID: "1",
    AccessionNumber: null,
    ReferringPhysicianName: null,
    Modality: "MR",
    SeriesNumber: 1,
    SeriesDescription: "T1 axial, contrast-enhanced (synthetic)",
    BodyPartExamined: "BRAIN",
    PatientPosition: "HFS",
    Manufacturer: "NeuroNova",
    InstanceNumber: 1,
    ImageType: ["ORIGINAL", "PRIMARY", "T1", "NONE"],
    SamplesPerPixel: 1,
    PhotometricInterpretation: "MONOCHROME2",
    Rows: side,
    Columns: side,
    NumberOfFrames: slices,
    BitsAllocated: 16,
    BitsStored: 16,
    HighBit: 15,
    PixelRepresentation: 0,
    SharedFunctionalGroupsSequence: [
      {
        PlaneOrientationSequence: [
          { ImageOrientationPatient: [...grid.rowDirection, ...grid.columnDirection] },
        ],
        PixelMeasuresSequence: [
          { PixelSpacing: [grid.rowSpacingMm, grid.columnSpacingMm], SliceThickness: grid.sliceSpacingMm },
        ],
        FrameVOILUTSequence: [{ WindowCenter: 700, WindowWidth: 1400 }],
      },
    ],
    PerFrameFunctionalGroupsSequence: frames.map(({ positionMm }, frame) => ({
      PlanePositionSequence: [{ ImagePositionPatient: positionMm }],
      PixelValueTransformationSequence: [
        { RescaleIntercept: 0, RescaleSlope: 1 / slope(frame), RescaleType: "US" },
      ],
    })),
    PixelData: Buffer.concat(
      frames.map(({ samples }, frame) => {
        const stored = samples.map((value) => value * slope(frame));
        return new Uint8Array(stored.buffer);
      }),
    ),
  });
  return {
    studyInstanceUid,
    seriesInstanceUid,
    sopInstanceUid,
    bytes,
    lesions: frames.map(({ lesion }) => lesion),
    positionsMm: frames.map(({ positionMm }) => positionMm[2]),
  };
}
