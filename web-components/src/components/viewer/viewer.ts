import "../mask-editor/mask-editor.js";
import "../review/review.js";
import { NeuronovaViewer } from "./viewer.component.js";

if (customElements.get("neuronova-viewer") === undefined)
  customElements.define("neuronova-viewer", NeuronovaViewer);

declare global {
  interface HTMLElementTagNameMap {
    "neuronova-viewer": NeuronovaViewer;
  }
}
