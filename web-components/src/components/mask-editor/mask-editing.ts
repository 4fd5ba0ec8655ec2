import { html, nothing, type TemplateResult } from "lit";
import type { SeriesImage } from "../../imaging/series-images.js";
import { message, type Language } from "../../localization/messages.js";
import type { ImageCorners } from "../../segmentation/draw-overlay.js";
import { EditedSegmentation } from "../../segmentation/edited-segmentation.js";
import type { Brush } from "../../segmentation/label-map.js";
import { readSegmentation, SegmentationUnreadable } from "../../segmentation/read-segmentation.js";
import { canCorrect } from "../../segmentation/write-correction.js";
import type { TokenProvider } from "../../session/token-provider.js";
import { loadSegmentationFile } from "../../studies/segmentation-file.js";
import type { AnalysisResult } from "../../studies/study.js";
import { FIRST_BRUSH, type MaskEdit, type NeuronovaMaskEditor } from "./mask-editor.component.js";

export type MaskClosedEvent = CustomEvent<{ analysis: number; saved: boolean; conflict?: string }>;

/** Of a viewer: whether a person is correcting a segmentation, and what lies over the image and beside it then. */
export class MaskEditing {
  private edit: MaskEdit | undefined;
  private brush: Brush = FIRST_BRUSH;
  private strokes = 0;
  private begins = 0;

  constructor(private readonly changed: () => void) {}

  /** What is drawn in the place of the model's segmentation. */
  get edited(): EditedSegmentation | undefined {
    return this.edit?.edited;
  }

  /**
   * Puts the segmentation of a result on the desk.
   * @param images of its series, all of them
   * @throws SegmentationUnreadable, HttpProblem
   */
  async begin(
    result: AnalysisResult,
    study: string,
    images: readonly SeriesImage[],
    token: TokenProvider,
  ): Promise<void> {
    const begin = ++this.begins;
    const { segmentation: object, reportSopInstanceUid, id: analysis } = result;
    if (object === undefined || reportSopInstanceUid === undefined) return;
    const original = await loadSegmentationFile(study, result, object, token);
    if (!canCorrect(original)) throw new SegmentationUnreadable("only BINARY segmentations are corrected");
    const edited = new EditedSegmentation(readSegmentation(original), images);
    if (begin !== this.begins) return;
    this.edit = { analysis, reportSopInstanceUid, original, edited };
    this.brush = { ...FIRST_BRUSH, segment: edited.segments[0]?.number ?? 1 };
    this.changed();
  }

  /** Takes it from the desk, as when another study is opened. */
  end(): void {
    this.begins += 1;
    this.edit = undefined;
  }

  /** The brush over the image. */
  layer(
    language: Language,
    image: SeriesImage,
    corners: ImageCorners | undefined,
  ): TemplateResult | typeof nothing {
    if (this.edit === undefined) return nothing;
    return html`<neuronova-brush-layer
      aria-label=${message(language, "maskArea")}
      .edited=${this.edit.edited}
      .image=${image}
      .corners=${corners}
      .brush=${this.brush}
      @neuronova-mask-painted=${this.onPainted}
    ></neuronova-brush-layer>`;
  }

  /**
   * The tools beside the image.
   * @param show what shows an image of the series
   */
  panel(
    language: Language,
    token: TokenProvider | undefined,
    show: (imageId: string) => void,
    closed: (event: MaskClosedEvent) => void,
  ): TemplateResult | typeof nothing {
    if (this.edit === undefined) return nothing;
    return html`<neuronova-mask-editor
      .edit=${this.edit}
      .brush=${this.brush}
      .language=${language}
      .tokenProvider=${token}
      .strokes=${this.strokes}
      @neuronova-mask-brush=${({ detail }: CustomEvent<{ brush: Brush }>) => {
        this.brush = detail.brush;
        this.changed();
      }}
      @neuronova-mask-undone=${({ detail }: CustomEvent<{ imageId: string }>) => {
        show(detail.imageId);
        this.onPainted();
      }}
      @neuronova-mask-closed=${(event: MaskClosedEvent) => {
        this.end();
        closed(event);
        this.changed();
      }}
    ></neuronova-mask-editor>`;
  }

  /** Whether there is work that would be lost; if so, the person is told. */
  isInTheWay(root: ParentNode): boolean {
    if (this.edit?.edited.canUndo !== true) return false;
    root.querySelector<NeuronovaMaskEditor>("neuronova-mask-editor")?.insist();
    return true;
  }

  private readonly onPainted = (): void => {
    this.strokes += 1;
    this.changed();
  };
}
