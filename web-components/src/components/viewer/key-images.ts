import type { ReactiveControllerHost, TemplateResult, nothing } from "lit";
import { FollowedEvents } from "../../events/followed-events.js";
import type { ServerEvent } from "../../events/event-stream.js";
import type { SeriesImage } from "../../imaging/series-images.js";
import { keyImageMessage } from "../../localization/key-image-messages.js";
import { message, type Language } from "../../localization/messages.js";
import { randomUid } from "../../segmentation/random-uid.js";
import type { TokenProvider } from "../../session/token-provider.js";
import {
  loadKeyImages,
  saveKeyImages,
  withdrawKeyImages,
  type KeyImageList,
  type KeyImageSelection,
  type NewSelection,
} from "../../studies/key-images.js";
import type { StudyDetails } from "../../studies/study.js";
import { keyImageDialog, type MarkForm } from "./key-image-dialog.js";
import { keyImagePanel, type WantedImage } from "./key-image-panel.js";
import { titleText } from "./key-image-title.js";
import type { Viewport } from "./viewport.js";
import type { ViewportGrid } from "./viewport-grid.js";

/** What key images need of the viewer they are marked in. */
export interface KeyImagesHost {
  readonly element: ReactiveControllerHost & { readonly tokenProvider: TokenProvider | undefined };
  /** null while none are shown. */
  readonly study: () => string | null;
  readonly grid: ViewportGrid;
  readonly details: () => StudyDetails | undefined;
  readonly language: () => Language;
  readonly root: () => ParentNode;
  readonly open: (image: WantedImage) => void;
}

/** An image that is about to be marked, as it was when that was asked for: it may be scrolled on meanwhile. */
interface Marked {
  readonly image: SeriesImage;
  readonly label: string;
}

/** The key images of the study: marked by the reader, listed whoever marked them, and told on the image. */
export class KeyImages {
  private list: KeyImageList | undefined;
  private problem: string | undefined;
  /** The image in use first. */
  private marked: readonly Marked[] = [];
  private sending = false;
  private notSaved: string | undefined;
  /** What was sent last, with its key: sent again it is stored once. */
  private attempt: { readonly body: string; readonly key: string } | undefined;
  private readonly followed: FollowedEvents<KeyImageList>;

  constructor(private readonly host: KeyImagesHost) {
    this.followed = new FollowedEvents<KeyImageList>(host.element, {
      subject: host.study,
      forget: () => this.forget(),
      concerns: (event) => this.concerns(event),
      load: (token) => loadKeyImages(host.study() ?? "", token),
      loaded: (list) => {
        this.list = list;
        this.tell(undefined);
      },
      failed: () => this.tell(keyImageMessage(host.language(), "keyImagesFailed")),
    });
  }

  get mayAdd(): boolean {
    return this.list?.mayAdd === true;
  }

  /** Asks what the image in use, or all on screen, are marked for; nothing where nobody may or no image is shown. */
  ask(): void {
    const { grid } = this.host;
    const shown = [grid.active, ...grid.places.map(({ viewport }) => viewport)].filter(
      (viewport, index, all) => all.indexOf(viewport) === index,
    );
    const marked = shown.flatMap((viewport) => this.markedOn(viewport));
    if (!this.mayAdd || grid.active.visible === undefined || marked.length === 0) return;
    this.marked = marked;
    this.notSaved = undefined;
    const dialog = this.host.root().querySelector<HTMLDialogElement>("dialog.key-image");
    dialog?.querySelector("form")?.reset();
    dialog?.showModal();
    this.host.element.requestUpdate();
  }

  /** That the image on screen is one, and what for; empty when it is none. */
  textOn({ visible }: Viewport, language: Language): string {
    if (visible === undefined) return "";
    const { sopInstanceUid, frameNumber } = visible.image;
    const selections = (this.list?.selections ?? []).filter(({ images }) =>
      images.some(
        (image) =>
          image.sopInstanceUid === sopInstanceUid &&
          (image.frameNumbers.length === 0 || image.frameNumbers.includes(frameNumber)),
      ),
    );
    const titles = [...new Set(selections.map(({ title }) => titleText(title, language)))];
    return titles.length === 0 ? "" : `${message(language, "keyImage")}: ${titles.join(", ")}`;
  }

  panel(language: Language): TemplateResult | typeof nothing {
    return keyImagePanel(language, {
      list: this.list,
      problem: this.problem,
      details: this.host.details(),
      images: this.host.grid.active.images ?? [],
      onOpen: this.host.open,
      onWithdraw: (selection) => void this.withdraw(selection),
    });
  }

  dialog(language: Language): TemplateResult {
    return keyImageDialog(language, {
      image: this.marked[0]?.label ?? "",
      count: this.marked.length,
      sending: this.sending,
      problem: this.notSaved,
      onSave: (form) => void this.save(form),
    });
  }

  /** Of another study nothing stays. */
  private forget(): void {
    this.list = undefined;
    this.problem = undefined;
    this.marked = [];
    this.notSaved = undefined;
    this.attempt = undefined;
    this.host.root().querySelector<HTMLDialogElement>("dialog.key-image[open]")?.close();
  }

  /** A document came or went; images of a series that is known are none. */
  private concerns({ event, studyInstanceUid, seriesInstanceUid }: ServerEvent): boolean {
    if (studyInstanceUid !== this.host.study()) return false;
    if (event !== "instance.arrived" && event !== "instance.deleted") return false;
    const series = this.host.details()?.series.find((one) => one.seriesInstanceUid === seriesInstanceUid);
    return series === undefined || series.modality === "KO";
  }

  private markedOn({ visible, images = [] }: Viewport): Marked[] {
    if (visible === undefined) return [];
    const { image, index } = visible;
    const label = `${message(this.host.language(), "image")} ${index + 1} / ${images.length}`;
    return [{ image, label }];
  }

  private async save({ title, description, all }: MarkForm): Promise<void> {
    const study = this.host.study();
    const token = this.host.element.tokenProvider;
    if (study === null || token === undefined || this.sending) return;
    const images = (all ? this.marked : this.marked.slice(0, 1)).map(
      ({ image: { sopInstanceUid, frameNumber } }) => ({ sopInstanceUid, frameNumber }),
    );
    const selection: NewSelection = { title, images, ...(description === "" ? {} : { description }) };
    const body = JSON.stringify(selection);
    if (this.attempt?.body !== body) this.attempt = { body, key: randomUid() };
    this.sending = true;
    this.notSaved = undefined;
    this.host.element.requestUpdate();
    try {
      await saveKeyImages(study, selection, this.attempt.key, token);
      if (study !== this.host.study()) return;
      this.attempt = undefined;
      this.host.root().querySelector<HTMLDialogElement>("dialog.key-image")?.close();
      void this.followed.load();
    } catch (error) {
      this.notSaved = this.explained("keyImageNotSaved", error);
    } finally {
      this.sending = false;
      this.host.element.requestUpdate();
    }
  }

  private async withdraw({ sopInstanceUid }: KeyImageSelection): Promise<void> {
    const study = this.host.study();
    const token = this.host.element.tokenProvider;
    if (study === null || token === undefined) return;
    try {
      await withdrawKeyImages(study, sopInstanceUid, token);
      void this.followed.load();
    } catch (error) {
      this.tell(this.explained("keyImageNotWithdrawn", error));
    }
  }

  private explained(what: "keyImageNotSaved" | "keyImageNotWithdrawn", error: unknown): string {
    const reason = error instanceof Error ? error.message : String(error);
    return `${keyImageMessage(this.host.language(), what)}: ${reason}`;
  }

  private tell(problem: string | undefined): void {
    this.problem = problem;
    this.host.element.requestUpdate();
  }
}
