import { NeuronovaJobMonitor } from "./job-monitor.component.js";

if (customElements.get("neuronova-job-monitor") === undefined)
  customElements.define("neuronova-job-monitor", NeuronovaJobMonitor);

/** Fired when somebody canceled or retried a job. */
export type JobChangedEvent = CustomEvent<{ job: number; change: "cancel" | "retry" }>;

declare global {
  interface HTMLElementTagNameMap {
    "neuronova-job-monitor": NeuronovaJobMonitor;
  }
  interface HTMLElementEventMap {
    "neuronova-job-changed": JobChangedEvent;
  }
}
