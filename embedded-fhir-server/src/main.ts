import { once } from "node:events";
import { FhirApi } from "./fhir-api.js";
import { createFhirServer } from "./http-server.js";
import { openRepository } from "./open-repository.js";
import { readSettings } from "./settings.js";

/** The embedded FHIR R4 server of a local stack: loopback only, no accounts. Production uses a server of its own. */
async function main(): Promise<void> {
  const { listenPort, dataDirectory } = readSettings(process.env);
  const { repository, journal } = await openRepository(dataDirectory);
  const server = createFhirServer(new FhirApi(repository, journal));
  server.listen(listenPort, "127.0.0.1");
  await once(server, "listening");
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.once(signal, () => {
      server.close(() => void journal.close().then(() => process.exit(0)));
      server.closeIdleConnections();
    });
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(1);
});
