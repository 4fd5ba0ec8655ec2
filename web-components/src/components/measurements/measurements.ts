import { NeuronovaMeasurements } from "./measurements.component.js";

if (customElements.get("neuronova-measurements") === undefined)
  customElements.define("neuronova-measurements", NeuronovaMeasurements);

declare global {
  interface HTMLElementTagNameMap {
    "neuronova-measurements": NeuronovaMeasurements;
  }
}
