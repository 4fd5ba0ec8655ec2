import type { components } from "./schema.js";

/** What the API takes and answers, by the names of its description (`/api/openapi.json`). */
export type Schemas = components["schemas"];
