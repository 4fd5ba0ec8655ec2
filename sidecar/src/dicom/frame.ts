/** The sample format of a frame (PS3.3 C.7.6.3). */
export interface PixelFormat {
  readonly rows: number;
  readonly columns: number;
  readonly samplesPerPixel: number;
  readonly bitsAllocated: number;
  readonly bitsStored: number;
  readonly signed: boolean;
  readonly photometricInterpretation: string;
}

/**
 * One decoded frame: stored values, before any rescale, row by row, colour by pixel (planar configuration 0).
 * `samples.length` is rows × columns × samplesPerPixel.
 */
export interface DecodedFrame extends PixelFormat {
  readonly samples: Uint8Array | Int8Array | Uint16Array | Int16Array;
}
