import type { PixelFormat } from "../dicom/frame.js";
import type { GreyScale } from "./grey-levels.js";

export type PictureType = "image/jpeg" | "image/png";

/** How a picture is wanted (PS3.18 8.3.5). */
export interface PictureWish {
  readonly mediaType: PictureType;
  /** JPEG's, 1 to 100. */
  readonly quality: number;
  /** The picture fits into it; undefined for as large as it is. */
  readonly viewport:
    | {
        readonly width: number;
        readonly height: number;
        /** What is shown of the image, in its pixels; all of it unless told. */
        readonly part?: {
          readonly left: number;
          readonly top: number;
          readonly width: number;
          readonly height: number;
        };
      }
    | undefined;
}

/** A frame that Orthanc does not decode. */
export interface FrameToDecode {
  readonly codestream: Uint8Array;
  readonly coding: "htj2k" | "jpeg2000";
  readonly format: PixelFormat;
  /** For what computes with the values: none where the codestream has another sign than the format. */
  readonly insistOnSign?: true;
}

export interface FrameToDraw extends FrameToDecode {
  readonly greyScale: GreyScale;
}

/** Draws and decodes frames, in threads of its own. */
export interface Painter {
  /** Little-endian samples of 8 or 16 bits, as allocated; null as below. */
  decode(frame: FrameToDecode): Promise<Uint8Array | null>;
  /** null when the codestream is not what its data set says, or could be shown in wrong colours. */
  draw(frame: FrameToDraw, wish: PictureWish): Promise<Uint8Array | null>;
}
