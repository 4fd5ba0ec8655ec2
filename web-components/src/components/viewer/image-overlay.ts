import { html, type TemplateResult } from "lit";
import { textOf } from "../../imaging/dicom-json.js";
import { orientationLetters } from "../../imaging/orientation-markers.js";
import type { ShownImage, Stage } from "../../imaging/stage.js";
import { windowOf } from "../../imaging/voi-window.js";
import { negate } from "../../imaging/vector.js";
import { message, type Language } from "../../localization/messages.js";
import { dicomDate, personName } from "../../localization/person-name.js";

/** .203 may be lossy (PS3.5 A.4.9): nothing is claimed of it. */
const HTJ2K_LOSSLESS = /^1\.2\.840\.10008\.1\.2\.4\.20[12]$/;

/** Identity, place and directions of the image that is on screen, from that image's own attributes. */
export function imageOverlay(
  { image, index, transferSyntaxUid, complete }: ShownImage,
  count: number,
  stage: Stage,
  language: Language,
): TemplateResult {
  const text = (tag: string) => textOf(image.metadata, tag) ?? "";
  const directions = stage.map?.directions(image);
  const window = stage.window && windowOf(stage.window);
  const location = image.position === undefined ? "" : ` · ${image.position[2].toFixed(1)} mm`;
  return html`
    <div class="corner tl">
      <strong>${personName(text("00100010"), language)}</strong><br />
      ${text("00100020")}<br />
      ${text("00100040")} · ${dicomDate(text("00100030"), language)} ${message(language, "born")}
    </div>
    <div class="corner tr">
      ${text("00081030")}<br />
      ${dicomDate(text("00080020"), language)}<br />
      ${text("00080060")} · ${text("0008103E")}
    </div>
    <div class="corner bl">
      ${message(language, "image")} <span data-slice>${index + 1}</span> / ${count}${location}<br />
      ${complete ? message(language, HTJ2K_LOSSLESS.test(transferSyntaxUid) ? "lossless" : "original") : ""}
      ${stage.isAccelerated ? "" : html`<br />${message(language, "cpuRendering")}`}
    </div>
    <div class="corner br">
      ${
        window === undefined ? "" : html`W ${Math.round(window.width)} · L ${Math.round(window.centre)}<br />`
      }
      ${message(language, "zoom")} ${stage.zoom.toFixed(2)}×
    </div>
    ${
      directions === undefined
        ? ""
        : html`
            <span class="marker left">${orientationLetters(negate(directions.right))}</span>
            <span class="marker right">${orientationLetters(directions.right)}</span>
            <span class="marker top">${orientationLetters(directions.up)}</span>
            <span class="marker bottom">${orientationLetters(negate(directions.up))}</span>
          `
    }
  `;
}
