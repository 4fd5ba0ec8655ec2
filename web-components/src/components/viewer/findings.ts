import { html, nothing, type TemplateResult } from "lit";
import type { Language } from "../../localization/messages.js";
import { imageOfLargestArea } from "../../segmentation/largest-area.js";
import type { TokenProvider } from "../../session/token-provider.js";
import type { StudyDetails } from "../../studies/study.js";
import type {
  EditMaskEvent,
  ImageOpenEvent,
  OverlayChangeEvent,
  SegmentOpenEvent,
} from "../ai-results/ai-results.js";
import type { MeasuredPlane } from "../../imaging/measured-plane.js";
import type { NeuronovaMpr } from "../mpr/mpr.component.js";
import type { Correction } from "./correction.js";
import { SegmentLook } from "./segment-look.js";
import { segmentationPanel } from "./segmentation-panel.js";
import { Segmentations, type SegmentationChoice } from "./segmentations.js";
import type { ViewportGrid } from "./viewport-grid.js";

type DecidedEvent = CustomEvent<{ analysis: number; conflict?: string }>;

/** What findings need of the viewer they are beside. */
export interface FindingsHost {
  readonly grid: ViewportGrid;
  readonly correction: Correction;
  readonly details: () => StudyDetails | undefined;
  readonly language: () => Language;
  readonly tokenProvider: () => TokenProvider | undefined;
  readonly changed: () => void;
  /** Shows what the viewport in use is to show. */
  readonly refresh: () => Promise<void>;
  /** Loads the study again. */
  readonly reload: () => void;
  readonly chooseSeries: (series: string) => Promise<void>;
  /** What was asked for is in the page. */
  readonly rendered: () => Promise<unknown>;
  /** The reformatted planes, while they are in the place of the images. */
  readonly planes: () => NeuronovaMpr | null;
  /** A correction was saved or came to nothing. */
  readonly correctionEnded: () => void;
}

/** What was found in the images: segmentations over them, results, measurements, and going from these to the images. */
export class Findings {
  readonly look: SegmentLook;
  private readonly segmentations: Segmentations;
  /** What somebody was told whose decision came second. */
  private conflicts: ReadonlyMap<number, string> = new Map();

  constructor(private readonly host: FindingsHost) {
    this.look = new SegmentLook(host.changed);
    this.segmentations = new Segmentations(host.changed);
  }

  /** Of another study nothing stays. */
  clear(): void {
    this.conflicts = new Map();
    this.segmentations.clear();
  }

  /** Looks which segmentations of other systems there are now. */
  refresh(details: StudyDetails, token: TokenProvider): void {
    void this.segmentations.refresh(details, token);
  }

  /** @param toRunModel whether the form that has a model look at the study is to have the focus */
  render(details: StudyDetails, toRunModel: boolean): TemplateResult {
    const { host, look } = this;
    const [language, tokenProvider] = [host.language(), host.tokenProvider()];
    const editor = host.correction.panel(language, tokenProvider, (event) => {
      this.onDecided(event);
      host.correctionEnded();
    });
    return html`
      ${editor} ${this.renderSegmentations(details)}
      <neuronova-ai-results
        .study=${details.studyInstanceUid}
        ?run-model=${toRunModel}
        .details=${details}
        .language=${language}
        .tokenProvider=${tokenProvider}
        .overlay=${{
          drawn: host.grid.active.wantedResult(details)?.id,
          hidden: look.hidden,
          opacity: look.opacity,
          outline: look.outline,
          correcting: editor !== nothing,
          problems: this.conflicts,
        }}
        @neuronova-reviewed=${() => host.reload()}
        @neuronova-image-open=${({ detail }: ImageOpenEvent) => void this.openImage(detail)}
        @neuronova-overlay-change=${({ detail }: OverlayChangeEvent) => look.change(detail)}
        @neuronova-segment-open=${({ detail }: SegmentOpenEvent) => void this.jump(detail.segment)}
        @neuronova-edit-mask=${({ detail }: EditMaskEvent) => void this.edit(detail.analysis)}
      ></neuronova-ai-results>
      <neuronova-measurements
        .study=${details.studyInstanceUid}
        .language=${language}
        .tokenProvider=${tokenProvider}
        @neuronova-image-open=${({ detail }: ImageOpenEvent) => void this.openImage(detail)}
      ></neuronova-measurements>
      <neuronova-sync-status
        .study=${details.studyInstanceUid}
        .language=${language}
        .tokenProvider=${tokenProvider}
      ></neuronova-sync-status>
    `;
  }

  private renderSegmentations(details: StudyDetails): TemplateResult | typeof nothing {
    const { active } = this.host.grid;
    const choices = this.segmentations.over(details, active.series);
    const uid = active.choice?.foreign?.sopInstanceUid;
    const result = active.wantedResult(details)?.id;
    return segmentationPanel({
      language: this.host.language(),
      choices,
      chosen: choices.find((one) =>
        result === undefined ? one.sopInstanceUid === uid : one.result?.id === result,
      ),
      problem: active.segmentationProblem,
      drawn: active.segmentation,
      look: this.look,
      onChoose: (choice) => void this.choose(choice),
      onLook: (look) => this.look.change(look),
      onJump: (segment) => void this.jump(segment),
    });
  }

  /** Draws another segmentation, or none, over the images in use. */
  private async choose(choice: SegmentationChoice | undefined): Promise<void> {
    const { active } = this.host.grid;
    if (this.host.correction.leave(active)) {
      active.choice = choice ?? null;
      this.look.change({ hidden: new Set() });
      await this.host.refresh();
    }
    this.host.changed();
  }

  /** Shows an image of the study in the viewport in use, or the segment that was referred to over its images. */
  async openImage(wanted: ImageOpenEvent["detail"]): Promise<void> {
    const { grid } = this.host;
    const { active } = grid;
    const details = this.host.details();
    if (details === undefined) return;
    const segmentation = this.segmentations
      .over(details, active.series)
      .find(({ sopInstanceUid }) => sopInstanceUid === wanted.sopInstanceUid);
    if (segmentation !== undefined) {
      await this.choose(segmentation);
      await this.jump(wanted.segmentNumber ?? 1);
      return;
    }
    const isHere = active.images?.some(({ sopInstanceUid }) => sopInstanceUid === wanted.sopInstanceUid);
    if (isHere !== true && wanted.seriesInstanceUid !== undefined)
      await this.host.chooseSeries(wanted.seriesInstanceUid);
    const index = active.images?.findIndex(
      ({ sopInstanceUid, frameNumber }) =>
        sopInstanceUid === wanted.sopInstanceUid && frameNumber === (wanted.frameNumber ?? 1),
    );
    if (index !== undefined && index >= 0) await grid.scrollTo(active, index);
  }

  /** Shows a plane that something was measured on, once reformatted planes are in the place of the images. */
  async showPlane(plane: MeasuredPlane): Promise<void> {
    await this.host.rendered();
    this.host.planes()?.showPlane(plane);
  }

  /** Shows the image that has the most of a segment; reformatted planes meet in it. */
  private async jump(segment: number): Promise<void> {
    const { grid } = this.host;
    const { active } = grid;
    // Pressed before the segmentation has come: it is waited for.
    if (active.drawable === undefined) await this.host.refresh();
    const segmentation = active.drawable;
    if (segmentation === undefined || active.images === undefined) return;
    const planes = this.host.planes();
    if (planes !== null) {
      planes.showSegment(segmentation, segment);
      return;
    }
    const index = imageOfLargestArea(segmentation, segment, active.images);
    if (index >= 0) await grid.scrollTo(active, index);
  }

  private async edit(analysis: number): Promise<void> {
    const { host } = this;
    const [details, tokenProvider] = [host.details(), host.tokenProvider()];
    const result = details?.results.find(({ id }) => id === analysis);
    if (details === undefined || tokenProvider === undefined || result === undefined) return;
    const { studyInstanceUid } = details;
    const problem = await host.correction.begin(result, studyInstanceUid, tokenProvider, host.language());
    if (problem !== undefined) this.tell(result.id, problem);
  }

  /** A decision was made, here or, as `conflict` tells, by somebody else. */
  private onDecided({ detail: { analysis, conflict } }: DecidedEvent): void {
    if (conflict !== undefined) this.tell(analysis, conflict);
    this.host.reload();
  }

  private tell(analysis: number, conflict: string): void {
    this.conflicts = new Map([...this.conflicts, [analysis, conflict]]);
    this.host.changed();
  }
}
