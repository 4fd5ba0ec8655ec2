import { NeuronovaJobMonitor } from "./job-monitor.component.js";

if (customElements.get("neuronova-job-monitor") === undefined)
  customElements.define("neuronova-job-monitor", NeuronovaJobMonitor);

/** Fired when somebody asked for a job, canceled or retried it. */
export type JobChangedEvent = CustomEvent<{ job: number; change: "request" | "cancel" | "retry" }>;

declare global {
  interface HTMLElementTagNameMap {
    "neuronova-job-monitor": NeuronovaJobMonitor;
  }
  interface HTMLElementEventMap {
    "neuronova-job-changed": JobChangedEvent;
  }
}
