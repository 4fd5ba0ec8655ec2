import { derivedUid } from "../../src/dicom/uid.js";
import type { DecodedFrame, PixelFormat } from "../../src/dicom/frame.js";
import type { OrthancId } from "../../src/dicom/uid.js";
import type { SourceInstance } from "../../src/inference/volume.js";
import type { AcquisitionGrid } from "../../src/phantom/acquire.js";
import { writePart10File, type DicomObject } from "../../src/segmentation/part10-file.js";
import { dataSetOf } from "./orthanc-tags.js";

type Point = readonly [number, number, number];

export interface LandmarkSeriesOptions {
  readonly modality: "MR" | "CT";
  /** One Enhanced image of all slices, with a rescale of its own for each frame, in place of an image for each. */
  readonly enhanced: boolean;
  readonly grid: AcquisitionGrid;
  readonly landmark: Landmark;
  /** Of patient, study and series. */
  readonly name: string;
}

/** A bright ellipsoid in a dark block: something whose place in the patient is known. */
export interface Landmark {
  readonly centreMm: Point;
  readonly radiiMm: Point;
}

export const INSIDE = 1000;
export const OUTSIDE = 100;

export interface LandmarkSeries {
  readonly series: { readonly studyInstanceUid: string; readonly seriesInstanceUid: string };
  readonly files: readonly { readonly sopInstanceUid: string; readonly bytes: Uint8Array<ArrayBuffer> }[];
  readonly instances: readonly SourceInstance[];
  readonly readFrame: (
    orthancId: OrthancId,
    frameIndex: number,
    format: PixelFormat,
  ) => Promise<DecodedFrame>;
}

export function isInside({ centreMm, radiiMm }: Landmark, point: Point): boolean {
  return (
    point.reduce((sum, at, axis) => sum + ((at - (centreMm[axis] ?? 0)) / (radiiMm[axis] ?? 1)) ** 2, 0) <= 1
  );
}

/** Centre of a pixel in the patient's system, in mm (PS3.3 C.7.6.2.1.1). */
export function pixelCentre(grid: AcquisitionGrid, slice: number, row: number, column: number): Point {
  const along = (axis: 0 | 1 | 2) =>
    grid.originMm[axis] +
    grid.sliceDirection[axis] * grid.sliceSpacingMm * slice +
    grid.columnDirection[axis] * grid.rowSpacingMm * row +
    grid.rowDirection[axis] * grid.columnSpacingMm * column;
  return [along(0), along(1), along(2)];
}

export function landmarkSeries(options: LandmarkSeriesOptions): LandmarkSeries {
  const { modality, enhanced, grid, name } = options;
  const studyInstanceUid = derivedUid("landmark", name, "study");
  const seriesInstanceUid = derivedUid("landmark", name, "series");
  const slices = Array.from({ length: grid.slices }, (_, slice) => slice);
  const identity = {
    SpecificCharacterSet: "ISO_IR 192",
    ...common(modality, name),
    StudyInstanceUID: studyInstanceUid,
    SeriesInstanceUID: seriesInstanceUid,
    FrameOfReferenceUID: derivedUid("landmark", name, "frame of reference"),
    Rows: grid.rows,
    Columns: grid.columns,
  };
  const orientation = [...grid.rowDirection, ...grid.columnDirection];
  const measures = {
    PixelSpacing: [grid.rowSpacingMm, grid.columnSpacingMm],
    SliceThickness: grid.sliceSpacingMm,
  };
  const file = (sopInstanceUid: string, dataSet: DicomObject) => ({
    sopInstanceUid,
    bytes: writePart10File({ ...identity, SOPInstanceUID: sopInstanceUid, ...dataSet }),
  });
  const files = enhanced
    ? [
        file(derivedUid(seriesInstanceUid, "enhanced"), {
          SOPClassUID: `1.2.840.10008.5.1.4.1.1.${modality === "MR" ? "4.1" : "2.1"}`,
          ImageType: ["ORIGINAL", "PRIMARY", "OTHER", "NONE"],
          InstanceNumber: 1,
          NumberOfFrames: grid.slices,
          SharedFunctionalGroupsSequence: [
            {
              PlaneOrientationSequence: [{ ImageOrientationPatient: orientation }],
              PixelMeasuresSequence: [measures],
            },
          ],
          PerFrameFunctionalGroupsSequence: slices.map((slice) => ({
            FrameContentSequence: [{ StackID: "1", InStackPositionNumber: slice + 1 }],
            PlanePositionSequence: [{ ImagePositionPatient: pixelCentre(grid, slice, 0, 0) }],
            PixelValueTransformationSequence: [rescale(slice, modality)],
          })),
          PixelData: Buffer.concat(slices.map((slice) => stored(options, slice))),
        }),
      ]
    : slices.map((slice) =>
        file(derivedUid(seriesInstanceUid, String(slice)), {
          SOPClassUID: `1.2.840.10008.5.1.4.1.1.${modality === "MR" ? "4" : "2"}`,
          ...(modality === "MR" ? MR : CT),
          InstanceNumber: slice + 1,
          ImagePositionPatient: pixelCentre(grid, slice, 0, 0),
          ImageOrientationPatient: orientation,
          ...measures,
          ...(modality === "CT" ? rescale(slice, modality) : {}),
          PixelData: stored(options, slice),
        }),
      );
  return {
    series: { studyInstanceUid, seriesInstanceUid },
    files,
    instances: files.map(({ sopInstanceUid, bytes }) => ({
      orthancId: sopInstanceUid as OrthancId,
      sopInstanceUid,
      dataSet: dataSetOf(bytes),
    })),
    readFrame(orthancId, frameIndex, format) {
      const { bytes } = files.find(({ sopInstanceUid }) => sopInstanceUid === (orthancId as string)) ?? {};
      if (bytes === undefined) return Promise.reject(new RangeError("no such instance"));
      const length = 2 * format.rows * format.columns;
      const frames = enhanced ? grid.slices : 1;
      // Pixel Data is the last element.
      const start = bytes.length - (frames - frameIndex) * length;
      return Promise.resolve({
        ...format,
        samples: new Int16Array(bytes.slice(start, start + length).buffer),
      });
    },
  };
}

/** Another for each slice: values that are not the frame's own show. */
function rescale(slice: number, modality: "MR" | "CT") {
  return {
    RescaleIntercept: -10 * slice,
    RescaleSlope: 1 + (slice % 3),
    RescaleType: modality === "CT" ? "HU" : "US",
  };
}

function stored({ grid, landmark, modality, enhanced }: LandmarkSeriesOptions, slice: number): Uint8Array {
  const isRescaled = enhanced || modality === "CT";
  const { RescaleIntercept, RescaleSlope } = rescale(slice, modality);
  const samples = new Int16Array(grid.rows * grid.columns);
  for (let row = 0, at = 0; row < grid.rows; row++) {
    for (let column = 0; column < grid.columns; column++, at++) {
      const value = isInside(landmark, pixelCentre(grid, slice, row, column)) ? INSIDE : OUTSIDE;
      samples[at] = isRescaled ? Math.round((value - RescaleIntercept) / RescaleSlope) : value;
    }
  }
  return new Uint8Array(samples.buffer);
}

const MR: DicomObject = {
  ImageType: ["ORIGINAL", "PRIMARY", "OTHER"],
  ScanningSequence: "RM",
  SequenceVariant: "NONE",
  ScanOptions: null,
  MRAcquisitionType: "2D",
  RepetitionTime: null,
  EchoTime: null,
  EchoTrainLength: null,
};

const CT: DicomObject = {
  ImageType: ["ORIGINAL", "PRIMARY", "AXIAL"],
  KVP: 120,
  AcquisitionNumber: 1,
};

function common(modality: string, name: string): DicomObject {
  return {
    PatientName: "Landmark^Test",
    PatientID: `LANDMARK ${name}`.slice(0, 64),
    PatientBirthDate: "19700101",
    PatientSex: "O",
    PatientPosition: "HFS",
    StudyDate: "20250301",
    StudyTime: "093000",
    SeriesDate: "20250301",
    SeriesTime: "093500",
    ContentDate: "20250301",
    ContentTime: "093500",
    AcquisitionDate: "20250301",
    AcquisitionTime: "093500",
    AcquisitionNumber: 1,
    StudyID: "1",
    AccessionNumber: null,
    ReferringPhysicianName: null,
    SeriesNumber: 1,
    SeriesDescription: "Landmark (synthetic)",
    StudyDescription: "Landmark (synthetic)",
    BodyPartExamined: "BRAIN",
    Modality: modality,
    Manufacturer: "NeuroNova",
    ManufacturerModelName: "Landmark phantom",
    SoftwareVersions: "1",
    DeviceSerialNumber: "0",
    PositionReferenceIndicator: null,
    SamplesPerPixel: 1,
    PhotometricInterpretation: "MONOCHROME2",
    BitsAllocated: 16,
    BitsStored: 16,
    HighBit: 15,
    PixelRepresentation: 1,
    WindowCenter: 500,
    WindowWidth: 1000,
  };
}
