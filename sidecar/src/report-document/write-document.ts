import PDFDocument from "pdfkit";
import { createRequire } from "node:module";
import { buffer } from "node:stream/consumers";
import type { MeasuredFinding, ReportContent } from "./report-content.js";

const require = createRequire(import.meta.url);
/** Noto Sans KR (OFL 1.1): Hangul, Hanja, Kana, Latin, Greek, Cyrillic; of it only the glyphs that are used are embedded. */
const REGULAR = require.resolve("@expo-google-fonts/noto-sans-kr/400Regular/NotoSansKR_400Regular.ttf");
const BOLD = require.resolve("@expo-google-fonts/noto-sans-kr/700Bold/NotoSansKR_700Bold.ttf");

const MARGIN = 50;
const WIDTH = 595.28 - 2 * MARGIN;
const HEIGHT = 841.89;
const LABEL_WIDTH = 120;
const WARNING = "#9a1b1b";
const KEY_IMAGE_SIDE = 260;

export interface DocumentInput {
  readonly content: ReportContent;
  /** PNG; undefined when nothing was segmented. */
  readonly keyImage: Buffer | undefined;
  /** Which image it is, for the line below it. */
  readonly keyImageCaption: string;
  readonly createdAt: Date;
}

/** The report as a PDF of A4 pages. The same input gives the same bytes: a repeated delivery is recognised. */
export async function writeDocument(input: DocumentInput): Promise<Buffer> {
  const { content, createdAt } = input;
  const document = new PDFDocument({
    size: "A4",
    margin: MARGIN,
    lang: "en",
    info: {
      Title: "AI analysis report",
      Creator: "NeuroNova",
      Producer: "NeuroNova",
      CreationDate: createdAt,
    },
  });
  const bytes = buffer(document);
  document.registerFont("regular", REGULAR).registerFont("bold", BOLD);
  heading(document, content);
  section(document, "Patient");
  facts(document, [
    ["Name", readableName(content.patientName)],
    [
      "Patient ID",
      [content.patientId, content.issuerOfPatientId].filter((text) => text !== "").join("  ·  "),
    ],
    ["Date of birth", date(content.patientBirthDate)],
    ["Sex", content.patientSex],
  ]);
  section(document, "Examination");
  facts(document, [
    ["Study", [content.studyDescription, date(content.studyDate)].filter((text) => text !== "").join(", ")],
    ["Accession number", content.accessionNumber],
    ["Analysed as", content.procedure],
    ["Study UID", content.studyInstanceUid],
  ]);
  section(document, "Algorithm");
  facts(document, [
    ["Model, version", content.model],
    ["Title", content.observer],
    ["Analysed at", `${createdAt.toISOString().slice(0, 16).replace("T", " ")} UTC`],
  ]);
  section(document, "Measurements");
  for (const finding of content.findings) measured(document, finding);
  keyImage(document, input);
  document
    .font("regular")
    .fontSize(8)
    .fillColor("#555")
    .text(`Made from the structured report ${content.sopInstanceUid}.`, MARGIN, undefined, { width: WIDTH });
  document.end();
  return bytes;
}

function heading(document: PDFKit.PDFDocument, { isVerified, observer }: ReportContent): void {
  document.font("bold").fontSize(18).fillColor("#000").text("AI analysis report");
  const state = isVerified
    ? "Verified by a clinician."
    : "Made by an algorithm. NOT REVIEWED by a clinician.";
  // The model's own notice stands in brackets behind its title (structured-report/observation-context.ts).
  const notice = /\(([^()]*)\)$/.exec(observer)?.[1] ?? "";
  document.moveDown(0.3).font("bold").fontSize(11).fillColor(WARNING).text(state);
  if (notice !== "") document.text(notice);
  document.fillColor("#000");
}

function section(document: PDFKit.PDFDocument, title: string): void {
  room(document, 60);
  document.moveDown(0.8).font("bold").fontSize(12).text(title, MARGIN);
  const y = document.y + 1;
  document
    .moveTo(MARGIN, y)
    .lineTo(MARGIN + WIDTH, y)
    .lineWidth(0.5)
    .strokeColor("#999")
    .stroke();
  document.moveDown(0.3);
}

/** Lines of name and value. What the report does not say is shown as not said. */
function facts(document: PDFKit.PDFDocument, lines: readonly (readonly [string, string])[]): void {
  document.fontSize(10);
  for (const [name, value] of lines) {
    room(document, 30);
    const { y } = document;
    document.font("regular").fillColor("#555").text(name, MARGIN, y, { width: LABEL_WIDTH });
    const below = document.y;
    document
      .fillColor("#000")
      .text(value === "" ? "not stated" : value, MARGIN + LABEL_WIDTH, y, { width: WIDTH - LABEL_WIDTH });
    document.y = Math.max(below, document.y);
  }
  document.x = MARGIN;
}

function measured(document: PDFKit.PDFDocument, finding: MeasuredFinding): void {
  room(document, 80);
  document.moveDown(0.2).font("bold").fontSize(10).text(finding.title, MARGIN, undefined, { width: WIDTH });
  facts(document, [
    ...(finding.finding === "" ? [] : [["Finding", finding.finding] as const]),
    // A score is of the images as a whole.
    ...(finding.site === "" ? [] : [["Site", finding.site] as const]),
    ...finding.measurements.map(({ name, value, unit }) => [name, `${value} ${unit}`.trim()] as const),
    ...(finding.comment === "" ? [] : [["Comment", finding.comment] as const]),
  ]);
}

function keyImage(document: PDFKit.PDFDocument, { keyImage: png, keyImageCaption }: DocumentInput): void {
  if (png !== undefined) room(document, KEY_IMAGE_SIDE + 90);
  section(document, "Key image");
  document.font("regular").fontSize(10);
  if (png === undefined) {
    document.text(keyImageCaption, MARGIN, undefined, { width: WIDTH }).moveDown();
    return;
  }
  const side = KEY_IMAGE_SIDE;
  room(document, side + 40);
  document.image(png, MARGIN, document.y, { fit: [side, side] });
  document.y += side + 4;
  document.fontSize(8).text(keyImageCaption, MARGIN, document.y, { width: WIDTH }).moveDown();
}

/** A new page where what comes does not fit on this one. */
function room(document: PDFKit.PDFDocument, height: number): void {
  if (document.y + height > HEIGHT - MARGIN) document.addPage();
}

/** A PN (PS3.5 6.2.1) for people: every component group, its components apart. */
function readableName(name: string): string {
  return name
    .split("=")
    .map((group) =>
      group
        .split("^")
        .filter((part) => part !== "")
        .join(" "),
    )
    .filter((group) => group !== "")
    .join("  ·  ");
}

/** DA (PS3.5 6.2). */
function date(text: string): string {
  return /^\d{8}$/.test(text) ? `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}` : text;
}
