import { outline } from "../../imaging/annotation.js";
import { textOf } from "../../imaging/dicom-json.js";
import { orientationLetters } from "../../imaging/orientation-markers.js";
import { negate } from "../../imaging/vector.js";
import { message, type Language } from "../../localization/messages.js";
import { dicomDate, personName } from "../../localization/person-name.js";
import { textPlace, type DrawnAnnotation } from "./annotation-layer.js";
import { measurementLines } from "./measurement-text.js";
import type { Viewport } from "./viewport.js";
import { aiLabel } from "./viewport-view.js";

const TEXT_PIXELS = 14;
const LINE_PIXELS = 19;
const MARGIN = 10;

/**
 * A picture of what a viewport shows, with measurements and segments, and burned into it whose and which image it is: to
 * be saved or printed.
 *
 * @throws Error when no image is on screen
 */
export function pictureOf(
  viewport: Viewport,
  drawn: readonly DrawnAnnotation[],
  language: Language,
): OffscreenCanvas {
  const { visible, stage, canvases } = viewport;
  const map = stage?.map;
  if (visible === undefined || map === undefined || canvases === undefined)
    throw new Error("there is no image on screen");
  const { image, overlay } = canvases;
  const picture = new OffscreenCanvas(image.width, image.height);
  const context = picture.getContext("2d");
  if (context === null) throw new Error("the browser cannot draw");
  context.drawImage(image, 0, 0);
  context.drawImage(overlay, 0, 0, image.width, image.height);
  const ratio = image.width / image.clientWidth;
  context.scale(ratio, ratio);
  context.font = `${TEXT_PIXELS}px "Noto Sans KR", "NanumGothic", system-ui, sans-serif`;
  context.strokeStyle = "#ffe14d";
  context.lineWidth = 1.5;
  for (const { annotation, measurement } of drawn) {
    const points = outline(annotation).map((point) => map.toScreen(point));
    context.beginPath();
    for (const [x, y] of points) context.lineTo(x, y);
    context.stroke();
    const [x, y] = textPlace(points);
    const lines = measurement === undefined ? [] : measurementLines(measurement, language);
    for (const [index, line] of lines.entries()) write(context, line, x, y + index * LINE_PIXELS);
  }
  const [width, height] = [picture.width / ratio, picture.height / ratio];
  const directions = map.directions(visible.image);
  if (directions !== undefined) {
    const { right, up } = directions;
    write(context, orientationLetters(negate(right)), MARGIN, height / 2);
    write(context, orientationLetters(right), width - MARGIN - 2 * TEXT_PIXELS, height / 2);
    write(context, orientationLetters(up), width / 2, MARGIN + TEXT_PIXELS);
    write(context, orientationLetters(negate(up)), width / 2, height - MARGIN);
  }
  for (const [index, line] of identity(viewport, language).entries())
    write(context, line, MARGIN, MARGIN + TEXT_PIXELS + index * LINE_PIXELS);
  const notes = [
    ...(viewport.isOverlaid ? [aiLabel(viewport, language)] : []),
    message(language, "notDiagnostic"),
  ];
  for (const [index, line] of notes.entries())
    write(context, line, MARGIN, height - MARGIN - (notes.length - 1 - index) * LINE_PIXELS, width);
  return picture;
}

/** Whose image it is, of which study and series, and which one: from the image on screen. */
function identity({ visible, images }: Viewport, language: Language): string[] {
  if (visible === undefined) return [];
  const text = (tag: string) => textOf(visible.image.metadata, tag) ?? "";
  return [
    personName(text("00100010"), language),
    `${text("00100020")} · ${dicomDate(text("00100030"), language)} ${message(language, "born")}`,
    `${dicomDate(text("00080020"), language)} · ${text("00081030")}`,
    `${text("00080060")} ${text("00200011")} · ${text("0008103E")}`,
    `${message(language, "image")} ${visible.index + 1} / ${images?.length ?? 0}`,
  ];
}

/** White on a dark rim: readable over any image. */
function write(
  context: OffscreenCanvasRenderingContext2D,
  line: string,
  x: number,
  y: number,
  width?: number,
): void {
  context.save();
  context.lineWidth = 3;
  context.strokeStyle = "#000";
  context.fillStyle = "#fff";
  context.strokeText(line, x, y, width);
  context.fillText(line, x, y, width);
  context.restore();
}
