/** The direction of dependencies: dicom/ ← features ← adapters/ ← main.ts (docs/architecture.md). */
module.exports = {
  forbidden: [
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true } },
    {
      name: "dicom-imports-nothing-of-ours",
      severity: "error",
      from: { path: "^sidecar/src/dicom/" },
      to: { path: "^sidecar/src/(?!dicom/)" },
    },
    {
      name: "features-do-not-import-adapters",
      severity: "error",
      from: {
        path: "^sidecar/src/",
        pathNot:
          "^sidecar/src/(adapters/|main\\.ts|command-line/|program\\.ts|connections\\.ts|app\\.ts|roles/|.*\\.test\\.ts)",
      },
      to: { path: "^sidecar/src/(adapters/|main\\.ts)" },
    },
    {
      name: "only-config-reads-the-environment",
      comment: "process.env belongs to config.ts; this keeps node:process imports out of features",
      severity: "error",
      from: { path: "^sidecar/src/(?!config|main|cli)" },
      to: { path: "^(node:)?process$" },
    },
    {
      name: "opentelemetry-is-loaded-where-there-is-a-collector",
      comment:
        "program.ts imports the adapter when the setting is there; without it, nothing of the SDK is loaded",
      severity: "error",
      from: {
        path: "^sidecar/src/",
        pathNot: "^sidecar/src/adapters/opentelemetry/",
      },
      to: { path: "^(node_modules/@opentelemetry/|sidecar/src/adapters/opentelemetry/)", dynamic: false },
    },
    {
      name: "no-unresolvable",
      severity: "error",
      from: {},
      // The last is an alias of web-components/vite.config.ts.
      to: {
        couldNotResolve: true,
        pathNot: "^(@tensorflow/tfjs-node|bun:|decode-image-frame-worker)",
      },
    },
    {
      name: "not-to-test",
      severity: "error",
      from: { pathNot: "\\.test\\.ts$" },
      to: { path: "\\.test\\.ts$" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.base.json" },
    enhancedResolveOptions: {
      conditionNames: ["import", "require", "node", "default", "types"],
      exportsFields: ["exports"],
      mainFields: ["module", "main", "types"],
    },
    extraExtensionsToScan: [".css", ".wasm", ".json"],
  },
};
