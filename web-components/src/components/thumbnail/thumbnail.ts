import { LitElement, css, html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { fetchAuthorized } from "../../session/http.js";
import type { TokenProvider } from "../../session/token-provider.js";

/** Twice as large as it is shown, for screens of two pixels a point. */
const PIXELS = 96;

/**
 * A small picture of a study or series (WADO-RS thumbnail, PS3.18 10.4.1.1.5), fetched when its place comes into sight.
 * It is decoration: what it is of is said in words beside it.
 *
 * @element neuronova-thumbnail
 */
export class NeuronovaThumbnail extends LitElement {
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
    of: { type: String },
    images: { type: Number },
    pixels: { type: Number },
    tokenProvider: { attribute: false },
    picture: { state: true },
  };

  /** What it is of, as a DICOMweb path: of a study, a series or an instance. */
  declare of: string | undefined;
  /** How many instances that has: with more of them the picture may be another. */
  declare images: number | undefined;
  /** Width and height of the box that the picture fits in. */
  declare pixels: number;
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

  constructor() {
    super();
    this.pixels = PIXELS;
  }

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
    if (changed.has("of")) this.put(undefined);
    if (changed.has("of") || changed.has("images") || changed.has("tokenProvider")) void this.load();
  }

  protected override render(): TemplateResult | typeof nothing {
    return this.picture === undefined ? nothing : html`<img src=${this.picture} alt="" />`;
  }

  private async load(): Promise<void> {
    const { of, tokenProvider } = this;
    const asked = `${of ?? ""} ${this.images ?? 0}`;
    if (!this.isInSight || of === undefined || tokenProvider === undefined || asked === this.asked) return;
    this.asked = asked;
    const path = `/dicom-web/${of}/thumbnail?viewport=${this.pixels}%2C${this.pixels}`;
    // What has no picture keeps its dark place.
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

if (customElements.get("neuronova-thumbnail") === undefined)
  customElements.define("neuronova-thumbnail", NeuronovaThumbnail);

declare global {
  interface HTMLElementTagNameMap {
    "neuronova-thumbnail": NeuronovaThumbnail;
  }
}
