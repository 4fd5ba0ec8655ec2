import { defineConfig } from "vite";

/** App mode, not library mode: that would put every WASM codec into one file of 10 MB (facts, 7). */
export default defineConfig({
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
