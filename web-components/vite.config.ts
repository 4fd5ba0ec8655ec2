import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { defineConfig } from "vite";
import { keepNothing } from "./keep-nothing.js";
import { weightBudget } from "./weight-budget.js";

const imageLoader = dirname(
  createRequire(import.meta.url).resolve("@cornerstonejs/dicom-image-loader/package.json"),
);

/** What a page with a list pays before anything is shown; the viewer and its engine come when they are needed. */
const WIDGETS_BUDGET_BYTES = 25_000;

/** App mode, not library mode: that would put every WASM codec into one file of 10 MB (facts, 7). */
export default defineConfig({
  plugins: [keepNothing(), weightBudget("widgets/neuronova", WIDGETS_BUDGET_BYTES)],
  resolve: {
    // The package does not name it, and opens it in a way that works on its own origin only.
    alias: [
      {
        find: /^decode-image-frame-worker(?=\?)/,
        replacement: join(imageLoader, "dist/esm/decodeImageFrameWorker.js"),
      },
    ],
  },
  experimental: {
    // A copy of the widgets may be served from any folder: their parts are found beside them. Pages are at many depths.
    renderBuiltUrl: (_file, { hostType }) => (hostType === "js" ? { relative: true } : undefined),
  },
  build: {
    target: "es2022",
    sourcemap: false,
    // The engine is one lazy chunk of some megabytes; the shell beside it is small.
    chunkSizeWarningLimit: 6_000,
    modulePreload: false,
    rolldownOptions: {
      input: {
        index: "index.html",
        "widgets/neuronova": "src/widgets.ts",
        "widgets/ohif-session": "src/ohif/ohif-session.ts",
        "widgets/launch-failure": "src/launch-failure.ts",
      },
      // OHIF's settings import it.
      preserveEntrySignatures: "exports-only",
      output: {
        entryFileNames: (chunk) =>
          chunk.name.startsWith("widgets/") ? "[name].js" : "assets/[name]-[hash].js",
      },
    },
  },
  worker: { format: "es" },
});
