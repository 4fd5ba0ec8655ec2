import { NeuronovaBrushLayer } from "./brush-layer.component.js";
import { NeuronovaMaskEditor } from "./mask-editor.component.js";

if (customElements.get("neuronova-mask-editor") === undefined)
  customElements.define("neuronova-mask-editor", NeuronovaMaskEditor);
if (customElements.get("neuronova-brush-layer") === undefined)
  customElements.define("neuronova-brush-layer", NeuronovaBrushLayer);

declare global {
  interface HTMLElementTagNameMap {
    "neuronova-mask-editor": NeuronovaMaskEditor;
    "neuronova-brush-layer": NeuronovaBrushLayer;
  }
}
