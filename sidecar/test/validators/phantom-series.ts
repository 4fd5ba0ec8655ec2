import type { DecodedFrame, PixelFormat } from "../../src/dicom/frame.js";
import type { OrthancId } from "../../src/dicom/uid.js";
import type { SourceInstance } from "../../src/inference/volume.js";
import { createDemoStudy, type DemoFile, type DemoStudyOptions } from "../../src/phantom/demo-study.js";
import { dataSetOf } from "./orthanc-tags.js";

/** A phantom series as the analysis gets it, without an archive. */
export interface PhantomSeries {
  readonly files: readonly DemoFile[];
  readonly series: { readonly studyInstanceUid: string; readonly seriesInstanceUid: string };
  readonly instances: readonly SourceInstance[];
  readonly readFrame: (
    orthancId: OrthancId,
    frameIndex: number,
    format: PixelFormat,
  ) => Promise<DecodedFrame>;
}

export function phantomSeries(options: DemoStudyOptions): PhantomSeries {
  const files = createDemoStudy(options);
  const [first] = files;
  if (first === undefined) throw new RangeError("a series has slices");
  return {
    files,
    series: first,
    instances: files.map(({ sopInstanceUid, bytes }) => ({
      orthancId: sopInstanceUid as string as OrthancId,
      sopInstanceUid,
      dataSet: dataSetOf(bytes),
    })),
    readFrame(orthancId, _frameIndex, format) {
      const file = files.find(({ sopInstanceUid }) => (sopInstanceUid as string) === orthancId);
      // Pixel Data is the last element of the demo study's files.
      const pixels = file?.bytes.slice(-2 * format.rows * format.columns);
      return Promise.resolve({ ...format, samples: new Uint16Array(pixels?.buffer ?? new ArrayBuffer()) });
    },
  };
}
