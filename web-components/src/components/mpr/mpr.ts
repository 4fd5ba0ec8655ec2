import { NeuronovaMpr } from "./mpr.component.js";

if (customElements.get("neuronova-mpr") === undefined) customElements.define("neuronova-mpr", NeuronovaMpr);

declare global {
  interface HTMLElementTagNameMap {
    "neuronova-mpr": NeuronovaMpr;
  }
}
