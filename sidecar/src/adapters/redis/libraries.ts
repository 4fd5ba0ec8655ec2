import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

/** As CommonJS: `import` would look through each of their many files for names, a quarter of a second at every start. */
export const bullmq = require("bullmq") as typeof import("bullmq");
export const ioredis = require("ioredis") as typeof import("ioredis");
