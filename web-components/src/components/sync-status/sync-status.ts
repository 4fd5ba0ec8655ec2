import { NeuronovaSyncStatus } from "./sync-status.component.js";

if (customElements.get("neuronova-sync-status") === undefined)
  customElements.define("neuronova-sync-status", NeuronovaSyncStatus);

declare global {
  interface HTMLElementTagNameMap {
    "neuronova-sync-status": NeuronovaSyncStatus;
  }
}
