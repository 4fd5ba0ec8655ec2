import { derivedUid, type Uid } from "../../src/dicom/uid.js";
import { writePart10File } from "../../src/segmentation/part10-file.js";

/** PS3.3 C.8.5.5.1. */
const CENTIMETRES = 3;

export interface UltrasoundImage {
  readonly studyInstanceUid: Uid;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export interface UltrasoundTissue {
  readonly columns: readonly [number, number];
  readonly rows: readonly [number, number];
  readonly columnMm: number;
  readonly rowMm: number;
}

/** First and last columns and rows of the tissue, from 0, and what a pixel of it covers. */
export const TISSUE: UltrasoundTissue = { columns: [20, 219], rows: [20, 219], columnMm: 0.5, rowMm: 0.2 };

/**
 * An ultrasound image of 320 columns and 240 rows: tissue to the left, a Doppler spectrum to the right, and a Pixel
 * Spacing that is of neither.
 */
export function ultrasoundImage(seed: number): UltrasoundImage {
  const [rows, columns] = [240, 320];
  const studyInstanceUid = derivedUid("ultrasound", String(seed));
  const seriesInstanceUid = derivedUid(studyInstanceUid, "series");
  const samples = new Uint8Array(rows * columns);
  for (let row = TISSUE.rows[0]; row <= TISSUE.rows[1]; row += 1)
    for (let column = TISSUE.columns[0]; column <= TISSUE.columns[1]; column += 1)
      samples[row * columns + column] = 60 + ((row * 7 + column * 3) % 120);
  for (let column = 230; column < 310; column += 1)
    samples[(120 + Math.round(30 * Math.sin(column / 6))) * columns + column] = 255;
  const bytes = writePart10File({
    SpecificCharacterSet: "ISO_IR 192",
    SOPClassUID: "1.2.840.10008.5.1.4.1.1.6.1",
    SOPInstanceUID: derivedUid(seriesInstanceUid, "instance"),
    StudyInstanceUID: studyInstanceUid,
    SeriesInstanceUID: seriesInstanceUid,
    PatientName: "Ultrasound^Regions",
    PatientID: `US-${seed}`,
    PatientBirthDate: "19700101",
    PatientSex: "O",
    StudyDate: "20250301",
    StudyTime: "093000",
    StudyID: "1",
    AccessionNumber: null,
    ReferringPhysicianName: null,
    Modality: "US",
    SeriesNumber: 1,
    SeriesDescription: "Carotid (synthetic)",
    Manufacturer: "NeuroNova",
    InstanceNumber: 1,
    ImageType: ["ORIGINAL", "PRIMARY"],
    SamplesPerPixel: 1,
    PhotometricInterpretation: "MONOCHROME2",
    Rows: rows,
    Columns: columns,
    PixelSpacing: [3, 3],
    BitsAllocated: 8,
    BitsStored: 8,
    HighBit: 7,
    PixelRepresentation: 0,
    SequenceOfUltrasoundRegions: [
      {
        RegionSpatialFormat: 1,
        RegionDataType: 1,
        RegionFlags: 0,
        RegionLocationMinX0: TISSUE.columns[0],
        RegionLocationMinY0: TISSUE.rows[0],
        RegionLocationMaxX1: TISSUE.columns[1],
        RegionLocationMaxY1: TISSUE.rows[1],
        PhysicalUnitsXDirection: CENTIMETRES,
        PhysicalUnitsYDirection: CENTIMETRES,
        PhysicalDeltaX: TISSUE.columnMm / 10,
        PhysicalDeltaY: TISSUE.rowMm / 10,
      },
      {
        RegionSpatialFormat: 3,
        RegionDataType: 3,
        RegionFlags: 0,
        RegionLocationMinX0: 230,
        RegionLocationMinY0: 20,
        RegionLocationMaxX1: 309,
        RegionLocationMaxY1: 219,
        PhysicalUnitsXDirection: 4,
        PhysicalUnitsYDirection: 7,
        PhysicalDeltaX: 0.01,
        PhysicalDeltaY: 0.5,
      },
    ],
    PixelData: samples,
  });
  return { studyInstanceUid, bytes };
}
