import { ApiError } from "../error-response.js";
import type { GreyWindow } from "../rendering/grey-levels.js";
import type { PictureType, PictureWish } from "../rendering/picture.js";
import { acceptOf, dicomMediaRanges } from "./accept.js";

export interface PictureRequest extends PictureWish {
  readonly window: GreyWindow | undefined;
  /** The same for Orthanc: only what was understood. */
  readonly query: string;
}

const SHAPES = { linear: "linear", "linear-exact": "linear-exact", sigmoid: "sigmoid" } as const;
const LARGEST_SIDE = 8_192;
const DEFAULT_QUALITY = 90;
const THUMBNAIL = 128;
const VIEWPORT = "width,height or width,height,x,y,width,height";

/**
 * What is asked for by `window`, `viewport`, `quality` and Accept (PS3.18 8.3.5, 8.7.4).
 * @throws ApiError 400, 406
 */
export function readPictureRequest(
  accept: string | undefined,
  query: string,
  isThumbnail: boolean,
): PictureRequest {
  const parameters = new URLSearchParams(query);
  const mediaType = pictureType(acceptOf(accept, query));
  if (mediaType === undefined)
    throw new ApiError(406, "not-acceptable", "Pictures are answered as image/jpeg or image/png.");
  const window = readWindow(parameters.get("window"));
  const viewport =
    readViewport(parameters.get("viewport")) ??
    (isThumbnail ? { width: THUMBNAIL, height: THUMBNAIL } : undefined);
  const quality = Number(parameters.get("quality") ?? DEFAULT_QUALITY);
  if (!Number.isInteger(quality) || quality < 1 || quality > 100) throw malformed("quality", "1 to 100");
  const understood = new URLSearchParams();
  if (window !== undefined) understood.set("window", `${window.center},${window.width},${window.shape}`);
  if (viewport !== undefined) understood.set("viewport", viewportText(viewport));
  if (parameters.has("quality")) understood.set("quality", String(quality));
  return { mediaType, window, viewport, quality, query: understood.toString().replaceAll("%2C", ",") };
}

function viewportText({ width, height, part }: NonNullable<PictureWish["viewport"]>): string {
  const shown = part === undefined ? [] : [part.left, part.top, part.width, part.height];
  return [width, height, ...shown].join(",");
}

function pictureType(accept: string): PictureType | undefined {
  for (const { type, multipart, quality } of dicomMediaRanges(accept)) {
    if (quality === 0 || multipart) continue;
    if (type === "image/jpeg" || type === "image/*" || type === "*/*") return "image/jpeg";
    if (type === "image/png") return "image/png";
  }
  return undefined;
}

function readWindow(text: string | null): GreyWindow | undefined {
  if (text === null) return undefined;
  const [center, width, shape = "linear"] = text.split(",").map((part) => part.trim().toLowerCase());
  const window = {
    center: Number(center),
    width: Number(width),
    shape: SHAPES[shape as keyof typeof SHAPES],
  };
  if (
    center === "" ||
    !Number.isFinite(window.center) ||
    !(window.width > 0) ||
    !Object.hasOwn(SHAPES, shape)
  )
    throw malformed("window", "center,width or center,width,function");
  return window;
}

/** `width,height`, or with the part of the image that is shown: `,x,y,width,height` (PS3.18 8.3.5.1.3). */
function readViewport(text: string | null): PictureWish["viewport"] {
  if (text === null) return undefined;
  const [width, height, ...part] = text
    .split(",")
    .map((number) => (number.trim() === "" ? Number.NaN : Number(number)));
  const isSide = (side: number | undefined): side is number =>
    side !== undefined && Number.isInteger(side) && side >= 1 && side <= LARGEST_SIDE;
  const [left = 0, top = 0, partWidth, partHeight] = part;
  const isPlace = (place: number) => Number.isInteger(place) && place >= 0 && place <= LARGEST_SIDE;
  if (!isSide(width) || !isSide(height)) throw malformed("viewport", VIEWPORT);
  if (part.length === 0) return { width, height };
  if (part.length !== 4 || !isPlace(left) || !isPlace(top) || !isSide(partWidth) || !isSide(partHeight))
    throw malformed("viewport", VIEWPORT);
  return { width, height, part: { left, top, width: partWidth, height: partHeight } };
}

function malformed(name: string, form: string): ApiError {
  return new ApiError(400, "request-malformed", `The parameter ${name} is taken as ${form}.`);
}
