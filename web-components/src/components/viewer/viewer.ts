import "../ai-results/ai-results.js";
import "../mask-editor/mask-editor.js";
import "../measurements/measurements.js";
import "../sync-status/sync-status.js";
import { NeuronovaViewer } from "./viewer.component.js";

if (customElements.get("neuronova-viewer") === undefined)
  customElements.define("neuronova-viewer", NeuronovaViewer);

declare global {
  interface HTMLElementTagNameMap {
    "neuronova-viewer": NeuronovaViewer;
  }
}
