import { join } from "node:path";
import { worklistsDirectory } from "./orthanc.mjs";
import { secretFile } from "./secrets.mjs";

/**
 * The settings of a sidecar process. Secrets go by file; only the api role gets the key that signs tokens.
 *
 * @param {import("./stack-directory.mjs").StackDirectory} layout
 * @param {{
 *   roles: readonly import("./sidecar.mjs").Role[], databaseUrlFile: string, redisSocket: string, orthancUrl: string,
 *   fhirUrl: string, publicUrl: string, settings: Readonly<Record<string, string>>,
 * }} surroundings
 * @returns {Record<string, string>}
 */
export function sidecarEnvironment(layout, surroundings) {
  const { roles, databaseUrlFile, redisSocket, orthancUrl, fhirUrl, publicUrl, settings } = surroundings;
  /** @type {Record<string, string>} */
  const environment = {
    NEURONOVA_LISTEN_HOST: "127.0.0.1",
    NEURONOVA_DATABASE_URL_FILE: databaseUrlFile,
    NEURONOVA_REDIS_URL: `unix://${redisSocket}`,
    NEURONOVA_REDIS_PASSWORD_FILE: secretFile(layout.secrets, "redisPassword"),
    NEURONOVA_ORTHANC_URL: orthancUrl,
    NEURONOVA_ORTHANC_USERNAME: "neuronova",
    NEURONOVA_ORTHANC_PASSWORD_FILE: secretFile(layout.secrets, "orthancPassword"),
    NEURONOVA_FHIR_URL: fhirUrl,
    NEURONOVA_ARRIVAL_SECRET_FILE: secretFile(layout.secrets, "arrivalSecret"),
    NEURONOVA_PUBLIC_URL: publicUrl,
    NEURONOVA_UPLOAD_DIRECTORY: join(layout.run, "uploads"),
    NEURONOVA_FRAME_CACHE_DIRECTORY: join(layout.run, "frames"),
    NEURONOVA_WORKLISTS_DIRECTORY: worklistsDirectory(layout),
    NEURONOVA_STABLE_AFTER_SECONDS: "1",
  };
  if (roles.includes("api")) {
    environment["NEURONOVA_TOKEN_SIGNING_KEY_FILE"] = secretFile(layout.secrets, "tokenSigningKey");
  }
  if (roles.includes("api") || roles.includes("delivery")) {
    environment["NEURONOVA_WEBHOOK_KEY_FILE"] = secretFile(layout.secrets, "webhookKey");
  }
  return { ...environment, ...settings };
}
