import { writeFileSync } from "node:fs";
import { packDefinitions, readDefinitions } from "./definitions.js";

/** A step of the build: what a start would make of the definitions of FHIR R4 each time is kept as a file. */
readDefinitions();
writeFileSync(new URL("./definitions.bin", import.meta.url), packDefinitions());
