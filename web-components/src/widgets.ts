/** One script tag for a foreign page: registers the elements, loads nothing else before one is used. */
import "./components/ai-results/ai-results.js";
import "./components/job-monitor/job-monitor.js";
import "./components/measurements/measurements.js";
import "./components/study-list/study-list.js";
import "./components/upload/upload.js";
import "./components/sync-status/sync-status.js";
import "./components/viewer/viewer.js";
