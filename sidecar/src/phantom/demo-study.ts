import { derivedUid, type Uid } from "../dicom/uid.js";
import { writePart10File, type DicomObject } from "../segmentation/part10-file.js";
import { acquire, axialGrid, type AcquiredSlice, type AcquisitionGrid } from "./acquire.js";
import { createHead, type LesionPlan } from "./head.js";

export interface DemoPatient {
  /** PN with up to three groups (PS3.5 6.2.1). */
  readonly name: string;
  readonly id: string;
  /** Issuer of Patient ID (0010,0021); without it the images carry none. */
  readonly issuer?: string;
  /** YYYYMMDD */
  readonly birthDate: string;
  readonly sex: "M" | "F" | "O";
}

export interface DemoStudyOptions {
  /** Decides the anatomy and every UID. */
  readonly seed?: number;
  readonly patient?: DemoPatient;
  readonly seriesCount?: number;
  /** Slices of each series; the slab stays 120 mm high. */
  readonly slices?: number;
  readonly rows?: number;
  readonly columns?: number;
  readonly lesion?: "random" | "none" | LesionPlan;
  /** YYYYMMDD */
  readonly studyDate?: string;
  readonly accessionNumber?: string;
  /** PN; none when absent. */
  readonly referringPhysicianName?: string;
  /** Where the slices lie; an axial slab around the head when absent. */
  readonly grid?: AcquisitionGrid;
}

export interface DemoFile {
  readonly fileName: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly studyInstanceUid: Uid;
  readonly seriesInstanceUid: Uid;
  readonly sopInstanceUid: Uid;
}

const MR_IMAGE_STORAGE = "1.2.840.10008.5.1.4.1.1.4";

/** A person who does not exist. */
export const DEMO_PATIENT: DemoPatient = {
  name: "Hong^Gildong=洪^吉洞=홍^길동",
  id: "DEMO-0001",
  birthDate: "19700101",
  sex: "M",
};

/** In the left frontal lobe: on the right of an axial image as it is usually shown. */
const DEMO_LESION: LesionPlan = { centreMm: [32, -14, 22], radiusMm: 15 };

/**
 * A synthetic contrast-enhanced T1-weighted brain MR as Part 10 files (MR Image Storage, Explicit VR Little Endian).
 * The same options give the same bytes and the same UIDs. By default: 24 axial slices of 256 × 256 pixels of 0.9 mm,
 * 5 mm apart, with a lesion in the left hemisphere.
 */
export function createDemoStudy(options: DemoStudyOptions = {}): DemoFile[] {
  const { seed = 1, seriesCount = 1, slices = 24, rows = 256, columns = 256 } = options;
  const lesion = options.lesion ?? (seed === 1 ? DEMO_LESION : "random");
  const grid = options.grid ?? axialGrid(slices, rows, columns);
  const head = createHead({ seed, lesion });
  const studyInstanceUid = derivedUid("neuronova demo", String(seed), options.patient?.id ?? DEMO_PATIENT.id);
  return Array.from({ length: seriesCount }, (_, series) => {
    const seriesInstanceUid = derivedUid(studyInstanceUid, "series", String(series + 1));
    return acquire(head, grid, { seed: seed * 1000 + series }).map((slice, index) => {
      const sopInstanceUid = derivedUid(seriesInstanceUid, "instance", String(index + 1));
      const dataSet: DicomObject = {
        SpecificCharacterSet: "ISO_IR 192",
        SOPInstanceUID: sopInstanceUid,
        StudyInstanceUID: studyInstanceUid,
        SeriesInstanceUID: seriesInstanceUid,
        FrameOfReferenceUID: derivedUid(studyInstanceUid, "frame of reference"),
        SeriesNumber: series + 1,
        InstanceNumber: index + 1,
        ...demoStudy(options, seed),
        ...image(slice, grid),
      };
      return {
        fileName: `series-${series + 1}-slice-${String(index + 1).padStart(3, "0")}.dcm`,
        bytes: writePart10File(dataSet),
        studyInstanceUid,
        seriesInstanceUid,
        sopInstanceUid,
      };
    });
  }).flat();
}

/** Patient, Study, Series and Equipment attributes of a synthetic study. */
export function demoStudy(
  options: Pick<DemoStudyOptions, "patient" | "studyDate" | "accessionNumber" | "referringPhysicianName">,
  seed: number,
): DicomObject {
  const { patient = DEMO_PATIENT, studyDate = "20250301" } = options;
  return {
    PatientName: patient.name,
    PatientID: patient.id,
    IssuerOfPatientID: patient.issuer,
    PatientBirthDate: patient.birthDate,
    PatientSex: patient.sex,
    StudyDate: studyDate,
    StudyTime: "093000",
    SeriesDate: studyDate,
    SeriesTime: "093500",
    AcquisitionDate: studyDate,
    AcquisitionTime: "093500",
    ContentDate: studyDate,
    ContentTime: "093500",
    StudyID: String(seed),
    AccessionNumber: options.accessionNumber ?? `DEMO${String(seed).padStart(4, "0")}`,
    ReferringPhysicianName: options.referringPhysicianName ?? null,
    StudyDescription: "Brain MR (synthetic phantom)",
    SeriesDescription: "T1 axial, contrast-enhanced (synthetic)",
    ProtocolName: "T1 brain phantom",
    Modality: "MR",
    BodyPartExamined: "BRAIN",
    PatientPosition: "HFS",
    Manufacturer: "NeuroNova",
    ManufacturerModelName: "Brain phantom",
    SoftwareVersions: "1",
    DeviceSerialNumber: "0",
    PositionReferenceIndicator: null,
  };
}

function image(slice: AcquiredSlice, grid: AcquisitionGrid): DicomObject {
  const { samples } = slice;
  return {
    SOPClassUID: MR_IMAGE_STORAGE,
    ImageType: ["DERIVED", "PRIMARY", "OTHER"],
    ScanningSequence: "RM",
    SequenceVariant: "NONE",
    ScanOptions: null,
    MRAcquisitionType: "2D",
    RepetitionTime: null,
    EchoTime: null,
    EchoTrainLength: null,
    AcquisitionNumber: 1,
    SliceThickness: grid.sliceSpacingMm,
    SpacingBetweenSlices: grid.sliceSpacingMm,
    ImagePositionPatient: slice.positionMm,
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
    WindowCenter: 700,
    WindowWidth: 1400,
    PixelData: new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength),
  };
}
