import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { repositoryRoot } from "../local-stack/repository.mjs";
import { SERVICE_LEVELS, readResults, withTables } from "./tables.mjs";

/** `npm run service-levels`: puts what the benchmarks measured last into docs/sla.md. */
const file = join(repositoryRoot, SERVICE_LEVELS);
writeFileSync(file, await withTables(readFileSync(file, "utf8"), readResults()));
