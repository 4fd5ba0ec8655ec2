import { createRequire } from "node:module";
import sharp from "sharp";

/** Noto Sans KR (OFL 1.1): the labels of a model may be Korean. */
const FONT = createRequire(import.meta.url).resolve(
  "@expo-google-fonts/noto-sans-kr/400Regular/NotoSansKR_400Regular.ttf",
);

type Rgb = readonly [number, number, number];

export interface SummaryPicture {
  readonly rows: number;
  readonly columns: number;
  readonly rowSpacingMm: number;
  readonly columnSpacingMm: number;
  /** rows × columns levels of grey. */
  readonly levels: Uint8Array;
  /** rows × columns Segment Numbers, 0 for none. */
  readonly labels: Uint8Array;
  readonly colours: ReadonlyMap<number, Rgb>;
  /** Of the patient, at the left and the upper edge of the slice: "R", "A" … */
  readonly edges: { readonly left: string; readonly top: string };
  /** "AI, not reviewed …": at the top, in the colour of a warning. */
  readonly notices: readonly string[];
  readonly lines: readonly string[];
}

export interface DrawnSummary {
  readonly rows: number;
  readonly columns: number;
  /** Red, green, blue of each pixel, row by row. */
  readonly pixels: Uint8Array;
}

export const SUMMARY_WIDTH = 1280;
export const SUMMARY_HEIGHT = 800;
const SLICE = { left: 0, top: 120, side: 680 } as const;
const TEXT = { left: 700, width: 560 } as const;
const OUTLINE = 2;

/** Draws the slice in its true proportions with what was found outlined, the notices above and the figures beside it. */
export async function drawSummary(picture: SummaryPicture): Promise<DrawnSummary> {
  const slice = await drawSlice(picture);
  const { left, top } = picture.edges;
  const middle = SLICE.top + Math.round(SLICE.side / 2);
  const texts = await Promise.all([
    line(
      picture.notices.join("\n"),
      { left: 12, top: 8, width: SUMMARY_WIDTH - 24, height: 104 },
      22,
      "#ffb020",
    ),
    line(picture.lines.join("\n"), { ...TEXT, top: SLICE.top, height: SLICE.side }, 18, "#ffffff"),
    line(left, { left: 8, top: middle, width: 40, height: 30 }, 18, "#ffffff"),
    line(top, { left: Math.round(SLICE.side / 2), top: SLICE.top + 4, width: 40, height: 30 }, 18, "#ffffff"),
  ]);
  const { data } = await sharp({
    create: { width: SUMMARY_WIDTH, height: SUMMARY_HEIGHT, channels: 3, background: "#000000" },
  })
    .composite([slice, ...texts])
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { rows: SUMMARY_HEIGHT, columns: SUMMARY_WIDTH, pixels: new Uint8Array(data) };
}

async function drawSlice(picture: SummaryPicture) {
  const { rows, columns, rowSpacingMm, columnSpacingMm, levels, labels, colours } = picture;
  const perMm = SLICE.side / Math.max(rows * rowSpacingMm, columns * columnSpacingMm);
  const width = Math.max(1, Math.round(columns * columnSpacingMm * perMm));
  const height = Math.max(1, Math.round(rows * rowSpacingMm * perMm));
  const grey = await sharp(levels, { raw: { width: columns, height: rows, channels: 1 } })
    .resize({ width, height, fit: "fill", kernel: "linear" })
    .toColourspace("b-w")
    .raw()
    .toBuffer();
  const pixels = new Uint8Array(3 * width * height);
  grey.forEach((level, at) => pixels.fill(level, 3 * at, 3 * at + 3));
  // Each pixel of the picture looks its label up: an outline never leaves what was labelled.
  const labelAt = (x: number, y: number): number => {
    if (x < 0 || y < 0 || x >= width || y >= height) return 0;
    return labels[Math.floor((y * rows) / height) * columns + Math.floor((x * columns) / width)] ?? 0;
  };
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const label = labelAt(x, y);
      if (label === 0) continue;
      const isBorder =
        labelAt(x - OUTLINE, y) !== label ||
        labelAt(x + OUTLINE, y) !== label ||
        labelAt(x, y - OUTLINE) !== label ||
        labelAt(x, y + OUTLINE) !== label;
      if (isBorder) pixels.set(colours.get(label) ?? [255, 0, 0], 3 * (y * width + x));
    }
  const input = await sharp(pixels, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
  return {
    input,
    left: SLICE.left + Math.floor((SLICE.side - width) / 2),
    top: SLICE.top + Math.floor((SLICE.side - height) / 2),
  };
}

/** Text in a box; it wraps at the box's width and is cut at its height. */
async function line(
  text: string,
  box: { readonly left: number; readonly top: number; readonly width: number; readonly height: number },
  points: number,
  colour: string,
) {
  const drawn = sharp({
    text: {
      text: `<span foreground="${colour}">${escaped(text === "" ? " " : text)}</span>`,
      font: `Noto Sans KR ${points}`,
      fontfile: FONT,
      width: box.width,
      dpi: 72,
      rgba: true,
    },
  });
  const { data, info } = await drawn.png().toBuffer({ resolveWithObject: true });
  const height = Math.min(info.height, box.height);
  const width = Math.min(info.width, box.width);
  const input = await sharp(data).extract({ left: 0, top: 0, width, height }).png().toBuffer();
  return { input, left: box.left, top: box.top };
}

/** The text is Pango markup. */
function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
