import { defineConfig } from "vitest/config";

/** Of the projects that start stacks. */
const globalSetup = ["sidecar/test/stack/prepare-stacks.ts"];

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: [
            "sidecar/src/**/*.test.ts",
            "web-components/src/**/*.test.ts",
            "embedded-fhir-server/src/**/*.test.ts",
            "scripts/**/*.test.mjs",
          ],
          testTimeout: 20_000,
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: "fuzz",
          include: ["sidecar/test/fuzz/**/*.test.ts"],
          hookTimeout: 180_000,
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: "integration",
          globalSetup,
          include: ["sidecar/test/integration/**/*.test.ts"],
          testTimeout: 120_000,
          hookTimeout: 180_000,
          // Each file has a stack of its own, and half of the time waits for one to start or for quiet.
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: "browser",
          globalSetup,
          include: ["web-components/test/browser/**/*.test.ts"],
          testTimeout: 120_000,
          hookTimeout: 180_000,
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: "faults",
          globalSetup,
          include: ["sidecar/test/faults/**/*.test.ts"],
          testTimeout: 300_000,
          hookTimeout: 180_000,
          // Most of the time they wait for what was killed to come back.
          maxWorkers: 2,
        },
      },
    ],
  },
});
