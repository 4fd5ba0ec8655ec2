/** Marks what is printed in the place of the page; only while it is. */
const ATTRIBUTE = "data-neuronova-print";

const PAGE_STYLES = `
  [${ATTRIBUTE}] { display: none; }
  @media print {
    html, body {
      margin: 0 !important;
      padding: 0 !important;
      height: auto !important;
      overflow: visible !important;
      background: #fff !important;
    }
    body > :not([${ATTRIBUTE}]) { display: none !important; }
    body > [${ATTRIBUTE}] { display: block !important; }
  }
  @page { margin: 10mm; }
`;

const PICTURE_STYLES = `
  canvas {
    display: block;
    width: 100%;
    max-height: 95vh;
    object-fit: contain;
    break-inside: avoid;
  }
  canvas + canvas { break-before: page; }
`;

/**
 * Prints pictures, each on a page of its own, and nothing else of the page around. They are canvases and constructed style
 * sheets, which a strict policy of that page has nothing against.
 */
export function printPictures(pictures: readonly OffscreenCanvas[]): void {
  const page = document.createElement("div");
  page.setAttribute(ATTRIBUTE, "");
  const root = page.attachShadow({ mode: "open" });
  root.adoptedStyleSheets = [sheetOf(PICTURE_STYLES)];
  root.append(...pictures.map(canvasOf));
  const sheet = sheetOf(PAGE_STYLES);
  document.querySelector(`[${ATTRIBUTE}]`)?.remove();
  document.body.append(page);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  // Some browsers come back from `print` before anything is printed.
  addEventListener(
    "afterprint",
    () => {
      page.remove();
      document.adoptedStyleSheets = document.adoptedStyleSheets.filter((one) => one !== sheet);
    },
    { once: true },
  );
  print();
}

function canvasOf(picture: OffscreenCanvas): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.width = picture.width;
  canvas.height = picture.height;
  canvas.getContext("2d")?.drawImage(picture, 0, 0);
  return canvas;
}

function sheetOf(styles: string): CSSStyleSheet {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(styles);
  return sheet;
}
