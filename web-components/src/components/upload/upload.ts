import type { UploadEnd } from "../../upload/upload-work.js";
import { NeuronovaUpload } from "./upload.component.js";

if (customElements.get("neuronova-upload") === undefined)
  customElements.define("neuronova-upload", NeuronovaUpload);

/** Fired when nothing is on its way any more. */
export type UploadEndedEvent = CustomEvent<UploadEnd>;

declare global {
  interface HTMLElementTagNameMap {
    "neuronova-upload": NeuronovaUpload;
  }
  interface HTMLElementEventMap {
    "neuronova-upload-ended": UploadEndedEvent;
  }
}
