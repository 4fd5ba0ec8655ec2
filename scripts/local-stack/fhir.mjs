import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { repositoryRoot } from "./repository.mjs";

/**
 * The embedded FHIR R4 server.
 *
 * @param {import("./stack-directory.mjs").StackDirectory} layout
 * @param {{ port: number }} settings
 * @returns {import("./supervised-process.mjs").ProcessDefinition & { url: string }}
 */
export function fhirProcess(layout, { port }) {
  const data = join(layout.data, "fhir");
  mkdirSync(data, { recursive: true, mode: 0o700 });
  return {
    name: "fhir",
    command: process.execPath,
    args: [join(repositoryRoot, "embedded-fhir-server/dist/main.js")],
    environment: { FHIR_LISTEN_PORT: String(port), FHIR_DATA_DIRECTORY: data },
    directory: layout.run,
    url: `http://127.0.0.1:${port}/fhir/R4`,
    readyWithinSeconds: 60,
    isReady: async () => {
      const response = await fetch(`http://127.0.0.1:${port}/health`, { signal: AbortSignal.timeout(2000) });
      await response.arrayBuffer();
      return response.ok;
    },
  };
}
