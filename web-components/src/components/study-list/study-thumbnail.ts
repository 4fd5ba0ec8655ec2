import { LitElement, css, html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { fetchAuthorized } from "../../session/http.js";
import type { TokenProvider } from "../../session/token-provider.js";

/** Twice as large as it is shown, for screens of two pixels a point. */
const PIXELS = 96;

/**
 * A small picture of a study (WADO-RS thumbnail, PS3.18 10.4.1.1.5), fetched when its place comes into sight. It is
 * decoration: what is in the study is said in words beside it.
 *
 * @element neuronova-study-thumbnail
 */
export class NeuronovaStudyThumbnail extends LitElement {
  static override styles = css`
    :host {
      display: block;
      width: 48px;
      height: 48px;
      border-radius: 6px;
      background: #0d141d;
      overflow: hidden;
    }
    img {
      width: 100%;
      height: 100%;
      object-fit: contain;
    }
  `;
  static override properties = {
    study: { type: String },
    images: { type: Number },
    tokenProvider: { attribute: false },
    picture: { state: true },
  };

  /** Study Instance UID. */
  declare study: string | undefined;
  /** How many instances the study has: with more of them the picture may be another. */
  declare images: number | undefined;
  declare tokenProvider: TokenProvider | undefined;
  /** Address of the picture in memory. */
  declare private picture: string | undefined;
  private isInSight = false;
  private asked = "";
  private readonly sight = new IntersectionObserver((entries) => {
    if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
    this.isInSight = true;
    void this.load();
  });

  override connectedCallback(): void {
    super.connectedCallback();
    this.setAttribute("aria-hidden", "true");
    this.sight.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.sight.disconnect();
    this.isInSight = false;
    this.asked = "";
    this.put(undefined);
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has("study")) this.put(undefined);
    if (changed.has("study") || changed.has("images") || changed.has("tokenProvider")) void this.load();
  }

  protected override render(): TemplateResult | typeof nothing {
    return this.picture === undefined ? nothing : html`<img src=${this.picture} alt="" />`;
  }

  private async load(): Promise<void> {
    const { study, tokenProvider } = this;
    const asked = `${study ?? ""} ${this.images ?? 0}`;
    if (!this.isInSight || study === undefined || tokenProvider === undefined || asked === this.asked) return;
    this.asked = asked;
    const path = `/dicom-web/studies/${study}/thumbnail?viewport=${PIXELS}%2C${PIXELS}`;
    // A study without a picture keeps its dark place.
    const answer = await fetchAuthorized(path, tokenProvider, { headers: { Accept: "image/jpeg" } }).catch(
      () => undefined,
    );
    if (answer?.ok !== true) return;
    const picture = URL.createObjectURL(await answer.blob());
    if (asked === this.asked) this.put(picture);
    else URL.revokeObjectURL(picture);
  }

  private put(picture: string | undefined): void {
    if (this.picture !== undefined) URL.revokeObjectURL(this.picture);
    this.picture = picture;
  }
}

if (customElements.get("neuronova-study-thumbnail") === undefined)
  customElements.define("neuronova-study-thumbnail", NeuronovaStudyThumbnail);

declare global {
  interface HTMLElementTagNameMap {
    "neuronova-study-thumbnail": NeuronovaStudyThumbnail;
  }
}
