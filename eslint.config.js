import js from "@eslint/js";
import tseslint from "typescript-eslint";

export default tseslint.config(
  {
    ignores: [
      "**/dist/",
      "**/node_modules/",
      ".local/",
      "**/test-artifacts/",
      "**/*.cjs",
      // Made of the API's description (scripts/client-types).
      "web-components/src/api/schema.ts",
      // The built widgets, copied.
      "openemr-module/oe-module-neuronova/public/assets/",
      "openemr-module/oe-module-neuronova/public/widgets/",
    ],
  },
  js.configs.recommended,
  {
    files: ["**/*.ts"],
    extends: [...tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: { allowDefaultProject: ["vitest.config.ts"] } } },
    rules: {
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/restrict-template-expressions": [
        "error",
        { allowNumber: true, allowBoolean: true },
      ],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "no-console": "error",
    },
  },
  {
    // Lit calls event listeners of a template with the element as `this`.
    files: ["web-components/**/*.ts"],
    rules: { "@typescript-eslint/unbound-method": "off" },
  },
  {
    // Every setting is validated once, in config.ts.
    files: ["sidecar/src/**/*.ts"],
    ignores: ["sidecar/src/main.ts", "sidecar/src/cli.ts"],
    rules: { "no-restricted-properties": ["error", { object: "process", property: "env" }] },
  },
  {
    files: ["ohif-viewer/**"],
    languageOptions: { globals: { window: "readonly" } },
  },
  {
    files: ["openemr-module/oe-module-neuronova/public/*.js"],
    languageOptions: {
      globals: { document: "readonly", location: "readonly", URLSearchParams: "readonly" },
    },
  },
  {
    files: ["**/*.mjs", "**/*.js"],
    languageOptions: {
      globals: {
        process: "readonly",
        console: "readonly",
        Buffer: "readonly",
        URL: "readonly",
        fetch: "readonly",
        setTimeout: "readonly",
        clearTimeout: "readonly",
        setInterval: "readonly",
        clearInterval: "readonly",
        performance: "readonly",
        AbortSignal: "readonly",
        WebSocket: "readonly",
        FormData: "readonly",
        Blob: "readonly",
      },
    },
  },
);
