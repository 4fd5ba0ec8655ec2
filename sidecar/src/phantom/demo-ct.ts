import { derivedUid } from "../dicom/uid.js";
import { writePart10File, type DicomObject } from "../segmentation/part10-file.js";
import { acquireCt, CT_RESCALE_INTERCEPT, type CtSlice } from "./acquire-ct.js";
import { axialGrid, type AcquisitionGrid } from "./acquire.js";
import { createCtHead, type StrokePlan } from "./ct-head.js";
import { DEMO_PATIENT, demoStudy, type DemoFile, type DemoPatient } from "./demo-study.js";

export interface DemoCtOptions {
  /** Decides the anatomy and every UID. */
  readonly seed?: number;
  readonly patient?: DemoPatient;
  /** Slices of the series; the slab stays 120 mm high. */
  readonly slices?: number;
  readonly rows?: number;
  readonly columns?: number;
  readonly stroke?: "random" | "none" | StrokePlan;
  /** YYYYMMDD */
  readonly studyDate?: string;
  readonly accessionNumber?: string;
}

const CT_IMAGE_STORAGE = "1.2.840.10008.5.1.4.1.1.2";

/** An infarct in the right hemisphere: on the left of an axial image as it is usually shown. */
const DEMO_STROKE: StrokePlan = { kind: "infarct", centreMm: [-38, 4, 22], radiusMm: 24 };

/**
 * A synthetic head CT without contrast medium as Part 10 files (CT Image Storage, Explicit VR Little Endian), in
 * Hounsfield units. The same options give the same bytes and the same UIDs. By default: 24 axial slices of 256 × 256
 * pixels of 0.9 mm, 5 mm apart, with an infarct in the right hemisphere.
 */
export function createDemoCt(options: DemoCtOptions = {}): DemoFile[] {
  const { seed = 2, slices = 24, rows = 256, columns = 256, patient = DEMO_PATIENT } = options;
  const head = createCtHead({ seed, stroke: options.stroke ?? (seed === 2 ? DEMO_STROKE : "random") });
  const grid = axialGrid(slices, rows, columns);
  const studyInstanceUid = derivedUid("neuronova demo ct", String(seed), patient.id);
  const seriesInstanceUid = derivedUid(studyInstanceUid, "series", "1");
  return acquireCt(head, grid, { seed: seed * 1000 }).map((slice, index) => {
    const sopInstanceUid = derivedUid(seriesInstanceUid, "instance", String(index + 1));
    const dataSet: DicomObject = {
      SpecificCharacterSet: "ISO_IR 192",
      SOPInstanceUID: sopInstanceUid,
      StudyInstanceUID: studyInstanceUid,
      SeriesInstanceUID: seriesInstanceUid,
      FrameOfReferenceUID: derivedUid(studyInstanceUid, "frame of reference"),
      SeriesNumber: 1,
      InstanceNumber: index + 1,
      ...demoStudy(
        {
          patient,
          ...options,
          accessionNumber: options.accessionNumber ?? `DEMOCT${String(seed).padStart(4, "0")}`,
        },
        seed,
      ),
      StudyDescription: "Head CT (synthetic phantom)",
      SeriesDescription: "Head axial, plain (synthetic)",
      ProtocolName: "Head phantom",
      Modality: "CT",
      BodyPartExamined: "HEAD",
      ManufacturerModelName: "Head phantom",
      ...image(slice, grid),
    };
    return {
      fileName: `ct-slice-${String(index + 1).padStart(3, "0")}.dcm`,
      bytes: writePart10File(dataSet),
      studyInstanceUid,
      seriesInstanceUid,
      sopInstanceUid,
    };
  });
}

function image({ positionMm, samples }: CtSlice, grid: AcquisitionGrid): DicomObject {
  return {
    SOPClassUID: CT_IMAGE_STORAGE,
    ImageType: ["DERIVED", "PRIMARY", "AXIAL"],
    KVP: null,
    AcquisitionNumber: 1,
    SliceThickness: grid.sliceSpacingMm,
    SpacingBetweenSlices: grid.sliceSpacingMm,
    ImagePositionPatient: positionMm,
    ImageOrientationPatient: [...grid.rowDirection, ...grid.columnDirection],
    SamplesPerPixel: 1,
    PhotometricInterpretation: "MONOCHROME2",
    Rows: grid.rows,
    Columns: grid.columns,
    PixelSpacing: [grid.rowSpacingMm, grid.columnSpacingMm],
    BitsAllocated: 16,
    BitsStored: 12,
    HighBit: 11,
    PixelRepresentation: 0,
    RescaleIntercept: CT_RESCALE_INTERCEPT,
    RescaleSlope: 1,
    RescaleType: "HU",
    WindowCenter: 40,
    WindowWidth: 80,
    PixelData: new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength),
  };
}
