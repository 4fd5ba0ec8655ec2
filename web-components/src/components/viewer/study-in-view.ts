import type { PropertyValues, ReactiveControllerHost } from "lit";
import { FollowedEvents } from "../../events/followed-events.js";
import type { TokenProvider } from "../../session/token-provider.js";
import { loadStudy } from "../../studies/load-study.js";
import type { StudyDetails } from "../../studies/study.js";
import type { Correction } from "./correction.js";
import type { Findings } from "./findings.js";
import { OpenedStudy } from "./opened-study.js";
import { hasImages } from "./study-source.js";
import type { Viewport } from "./viewport.js";
import type { ViewportGrid } from "./viewport-grid.js";

/** The element that is asked for a study. */
export interface StudyElement extends ReactiveControllerHost {
  study: string | undefined;
  series: string | undefined;
  readonly tokenProvider: TokenProvider | undefined;
  readonly isConnected: boolean;
}

/** What shows the study, and what is told of it. */
export interface StudyParts {
  readonly grid: ViewportGrid;
  readonly correction: Correction;
  readonly findings: () => Findings;
  /** Nothing of the study is to stay, neither on screen nor in memory. */
  readonly forget: () => void;
  /** A study waits, because a correction would be lost. */
  readonly waits: (study: string | undefined) => void;
}

/** The study that a viewer has open, as it is at the server, and the series in use. */
export class StudyInView {
  /** Undefined while the study is loading. */
  details: StudyDetails | undefined;
  private readonly opened: OpenedStudy;
  private readonly followed: FollowedEvents<StudyDetails>;

  constructor(
    private readonly element: StudyElement,
    private readonly parts: StudyParts,
  ) {
    this.opened = new OpenedStudy({
      isUnsaved: () => parts.correction.isInTheWay(),
      refused: parts.waits,
    });
    this.followed = new FollowedEvents<StudyDetails>(element, {
      subject: () => element.study ?? null,
      forget: () => this.forget(),
      concerns: ({ studyInstanceUid }) => studyInstanceUid === element.study,
      load: (token) => loadStudy(element.study ?? "", token),
      loaded: (details) => void this.bringUpToDate(details),
      failed: (error) => {
        if (this.details !== undefined) return;
        parts.grid.active.failure = error instanceof Error ? error.message : String(error);
        element.requestUpdate();
      },
    });
  }

  /** Opens what the element is asked for, or has it wait. To be called before the study is followed. */
  ask(changed: PropertyValues<StudyElement>): void {
    const { element } = this;
    const { open, study } = element.isConnected
      ? this.opened.ask(element)
      : { open: false, study: element.study };
    if (study !== element.study) {
      element.study = study;
      element.series = this.parts.grid.active.series;
    } else if (open && changed.get("study") !== undefined && !changed.has("series")) {
      // A series is of one study.
      element.series = undefined;
    }
  }

  /** Loads it again. */
  reload(): void {
    void this.followed.load();
  }

  /** Once more what the study was last known to be: something is to be shown otherwise. */
  async refresh(): Promise<void> {
    if (this.details !== undefined) await this.bringUpToDate(this.details);
  }

  /** Shows a series in the viewport in use, unless a correction there would be lost. */
  async choose(series: string | undefined): Promise<void> {
    const { element, parts } = this;
    const { active } = parts.grid;
    if (!parts.correction.leave(active)) {
      element.series = active.series;
      return;
    }
    active.choose(series);
    element.series = series;
    await this.refresh();
  }

  /** Takes a viewport into use. */
  activate(viewport: Viewport): void {
    this.parts.grid.active = viewport;
    this.element.series = viewport.series;
    this.element.requestUpdate();
  }

  /** The person stays: the study that waits is not wanted any more. */
  stay(): void {
    this.opened.stay();
  }

  /** Opens the study that had to wait for a correction, if one did. */
  openWaiting(): void {
    const waiting = this.opened.takeWaiting();
    if (waiting !== undefined) this.element.study = waiting.study;
  }

  /** Nothing is open any more, as when the element is taken from the page. */
  close(): void {
    this.opened.close();
    this.forget();
  }

  private forget(): void {
    this.details = undefined;
    this.parts.forget();
    this.element.requestUpdate();
  }

  /** Shows the study as it is now: what is new in it comes in. */
  private async bringUpToDate(details: StudyDetails): Promise<void> {
    const { element, parts } = this;
    const { grid } = parts;
    if (this.details === undefined) grid.active.failure = undefined;
    this.details = details;
    element.requestUpdate();
    const { tokenProvider } = element;
    if (tokenProvider === undefined) return;
    if (grid.isEmpty) element.series ??= details.series.find(hasImages)?.seriesInstanceUid;
    grid.active.series ??= element.series;
    parts.findings().refresh(details, tokenProvider);
    await grid.refresh(details, tokenProvider);
  }
}
