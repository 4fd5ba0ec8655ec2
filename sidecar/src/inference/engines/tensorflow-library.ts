import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

/** TensorFlow.js, as CommonJS: `import` would look through all of its megabytes for names, a second at each thread's start. */
export const tf = require("@tensorflow/tfjs") as typeof import("@tensorflow/tfjs");

/** Registers the backend "wasm". */
export function loadWasmBackend(): void {
  require("@tensorflow/tfjs-backend-wasm");
}
