import type { Config } from "../../config.js";
import { BackendServices } from "./backend-services.js";
import type { FhirAuthorization } from "./presented-authorization.js";

export const NO_AUTHORIZATION: FhirAuthorization = always(undefined);

type Settings = Pick<
  Config,
  | "NEURONOVA_FHIR_URL"
  | "NEURONOVA_FHIR_AUTHORIZATION"
  | "NEURONOVA_FHIR_USERNAME"
  | "NEURONOVA_FHIR_PASSWORD"
  | "NEURONOVA_FHIR_TOKEN"
  | "NEURONOVA_FHIR_CLIENT_ID"
  | "NEURONOVA_FHIR_CLIENT_KEY"
  | "NEURONOVA_FHIR_TOKEN_URL"
  | "NEURONOVA_FHIR_SCOPE"
>;

/** @param settings validated: what the way needs is there */
export function fhirAuthorization(settings: Settings): FhirAuthorization {
  switch (settings.NEURONOVA_FHIR_AUTHORIZATION) {
    case "none":
      return NO_AUTHORIZATION;
    case "basic": {
      const pair = `${settings.NEURONOVA_FHIR_USERNAME ?? ""}:${settings.NEURONOVA_FHIR_PASSWORD ?? ""}`;
      return always(`Basic ${Buffer.from(pair).toString("base64")}`);
    }
    case "bearer":
      return always(`Bearer ${settings.NEURONOVA_FHIR_TOKEN ?? ""}`);
    case "smart-backend-services": {
      const { NEURONOVA_FHIR_CLIENT_ID: clientId, NEURONOVA_FHIR_CLIENT_KEY: key } = settings;
      if (clientId === undefined || key === undefined)
        throw new TypeError("a client without identifier or key");
      return new BackendServices({
        fhirUrl: settings.NEURONOVA_FHIR_URL,
        tokenUrl: settings.NEURONOVA_FHIR_TOKEN_URL,
        clientId,
        key,
        scope: settings.NEURONOVA_FHIR_SCOPE,
      });
    }
  }
}

function always(header: string | undefined): FhirAuthorization {
  return { header: () => Promise.resolve(header), refused: () => false };
}
