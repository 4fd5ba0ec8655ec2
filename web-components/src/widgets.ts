/** One script tag for a foreign page: registers the elements; the code of all but the list follows when one is met. */
import { defineWhenMet } from "./components/define-when-met.js";
import "./components/study-list/study-list.js";

defineWhenMet("neuronova-viewer", () => import("./components/viewer/viewer.js"));
defineWhenMet("neuronova-ai-results", () => import("./components/ai-results/ai-results.js"));
defineWhenMet("neuronova-measurements", () => import("./components/measurements/measurements.js"));
defineWhenMet("neuronova-sync-status", () => import("./components/sync-status/sync-status.js"));
defineWhenMet("neuronova-job-monitor", () => import("./components/job-monitor/job-monitor.js"));
defineWhenMet("neuronova-upload", () => import("./components/upload/upload.js"));
