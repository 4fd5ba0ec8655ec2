import { html, nothing, type TemplateResult } from "lit";
import type { SeriesImage } from "../../imaging/series-images.js";
import { keyImageMessage } from "../../localization/key-image-messages.js";
import { message, type Language } from "../../localization/messages.js";
import { dicomDate, personName } from "../../localization/person-name.js";
import type { KeyImageList, KeyImageSelection } from "../../studies/key-images.js";
import type { StudyDetails } from "../../studies/study.js";
import { titleText } from "./key-image-title.js";

/** An image that is gone to. */
export interface WantedImage {
  readonly seriesInstanceUid: string;
  readonly sopInstanceUid: string;
  readonly frameNumber?: number;
}

export interface KeyImagePanelState {
  readonly list: KeyImageList | undefined;
  readonly problem: string | undefined;
  readonly details: StudyDetails | undefined;
  /** Of the viewport in use. */
  readonly images: readonly SeriesImage[];
  readonly onOpen: (image: WantedImage) => void;
  readonly onWithdraw: (selection: KeyImageSelection) => void;
}

/** As many images of one selection have buttons. */
const MOST_SHOWN = 60;

/** The key images of the study, by whomever: each leads to its image. Nothing while there are none. */
export function keyImagePanel(
  language: Language,
  state: KeyImagePanelState,
): TemplateResult | typeof nothing {
  const { list, problem } = state;
  const selections = list?.selections ?? [];
  if (selections.length === 0 && problem === undefined) return nothing;
  const title = keyImageMessage(language, "keyImages");
  return html`
    <section class="key-images" aria-label=${title}>
      <h2>${title}</h2>
      ${problem === undefined ? nothing : html`<p class="bad" role="alert">${problem}</p>`}
      <ul>
        ${selections.map((selection) => entry(language, selection, state))}
      </ul>
      ${list?.complete === false ? html`<p class="sub">${keyImageMessage(language, "keyImagesMore")}</p>` : nothing}
    </section>
  `;
}

function entry(
  language: Language,
  selection: KeyImageSelection,
  { details, images, onOpen, onWithdraw }: KeyImagePanelState,
): TemplateResult {
  const { sopInstanceUid, description, observer, date, elsewhere, mine } = selection;
  const title = titleText(selection.title, language);
  const wanted = wantedOf(selection);
  const about = [personName(observer, language), dicomDate(date, language)].filter((part) => part !== "");
  return html`
    <li data-selection=${sopInstanceUid}>
      <strong>${title}</strong>
      <div class="sub">${about.join(" · ")}</div>
      ${description === "" ? nothing : html`<p>${description}</p>`}
      <div class="buttons">
        ${wanted
          .slice(0, MOST_SHOWN)
          .map(
            (one) => html`
              <button type="button" @click=${() => onOpen(one)}>
                ★ ${placeOf(one, images, details, language)}
              </button>
            `,
          )}
      </div>
      ${
        wanted.length <= MOST_SHOWN
          ? nothing
          : html`<p class="sub">
              ${keyImageMessage(language, "keyImageMore", { count: wanted.length - MOST_SHOWN })}
            </p>`
      }
      ${
        elsewhere === 0
          ? nothing
          : html`<p class="sub">${keyImageMessage(language, "keyImageElsewhere", { count: elsewhere })}</p>`
      }
      ${
        mine
          ? html`<button type="button" class="withdraw" @click=${() => onWithdraw(selection)}>
              ${keyImageMessage(language, "keyImageWithdraw")}
            </button>`
          : nothing
      }
    </li>
  `;
}

/** Each image, or each frame that is named. */
function wantedOf({ images }: KeyImageSelection): WantedImage[] {
  return images.flatMap(({ seriesInstanceUid, sopInstanceUid, frameNumbers }) =>
    frameNumbers.length === 0
      ? [{ seriesInstanceUid, sopInstanceUid }]
      : frameNumbers.map((frameNumber) => ({ seriesInstanceUid, sopInstanceUid, frameNumber })),
  );
}

/** Its number where its series is in use, else its series. */
function placeOf(
  { seriesInstanceUid, sopInstanceUid, frameNumber }: WantedImage,
  images: readonly SeriesImage[],
  details: StudyDetails | undefined,
  language: Language,
): string {
  const index = images.findIndex(
    (image) => image.sopInstanceUid === sopInstanceUid && image.frameNumber === (frameNumber ?? 1),
  );
  if (index >= 0) return `${message(language, "image")} ${index + 1}`;
  const series = details?.series.find((one) => one.seriesInstanceUid === seriesInstanceUid);
  const frame =
    frameNumber === undefined
      ? ""
      : ` · ${keyImageMessage(language, "keyImageFrame", { number: frameNumber })}`;
  return `${series?.modality ?? ""} ${series?.seriesNumber ?? ""} ${series?.seriesDescription ?? ""}${frame}`;
}
