import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
// @ts-expect-error -- plain JavaScript with JSDoc types, checked by `tsc -p scripts`
import { startHapi as startHapiProcess } from "../../../scripts/hapi/start-hapi.mjs";
// @ts-expect-error -- as above
import { hapiUnavailable as whyNoHapi } from "../../../scripts/hapi/build-hapi.mjs";
// @ts-expect-error -- as above
import { repositoryRoot } from "../../../scripts/local-stack/repository.mjs";
// @ts-expect-error -- as above
import { waitUntil as untilTrue } from "../../../scripts/local-stack/wait-until.mjs";
import { freePort } from "../stack/free-port.js";

export interface FhirServerProcess {
  readonly url: string;
  stop(): Promise<void>;
}

/** HAPI FHIR's JPA server, its database in memory. */
export const startHapi = startHapiProcess as () => Promise<FhirServerProcess>;
export const waitUntil = untilTrue as (
  probe: () => Promise<boolean>,
  options: { readonly description: string; readonly deadlineSeconds: number },
) => Promise<void>;
export const hapiUnavailable = whyNoHapi as () => string | undefined;

/** The server that comes with the stack, `@medplum/fhir-router`. */
export async function startEmbedded(): Promise<FhirServerProcess> {
  const directory = await mkdtemp(join(tmpdir(), "neuronova-fhir-"));
  const port = await freePort();
  const child = spawn(
    process.execPath,
    [join(repositoryRoot as string, "embedded-fhir-server/dist/main.js")],
    {
      env: { ...process.env, FHIR_LISTEN_PORT: String(port), FHIR_DATA_DIRECTORY: directory },
      stdio: "ignore",
    },
  );
  const url = `http://127.0.0.1:${port}`;
  const ready = async () => (await fetch(`${url}/health`)).ok;
  await waitUntil(ready, {
    description: "the embedded FHIR server answers",
    deadlineSeconds: 60,
  });
  return {
    url: `${url}/fhir/R4`,
    async stop() {
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      await ended;
      await rm(directory, { recursive: true, force: true });
    },
  };
}
