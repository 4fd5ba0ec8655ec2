import { z } from "zod";
import { httpBase, secret, setting } from "../setting.js";
import { clientKeySchema } from "./client-key.js";

export const FHIR_AUTHORIZATIONS = ["none", "basic", "bearer", "smart-backend-services"] as const;

/** How the FHIR server is told who asks (docs/fhir.md). */
export const FHIR_AUTHORIZATION_SETTINGS = {
  NEURONOVA_FHIR_AUTHORIZATION: setting(
    z.enum(FHIR_AUTHORIZATIONS).default("none"),
    `How requests to the FHIR server are authorised: ${FHIR_AUTHORIZATIONS.join(", ")} (docs/fhir.md).`,
    "smart-backend-services",
  ),
  NEURONOVA_FHIR_USERNAME: setting(
    z.string().min(1).optional(),
    "User at the FHIR server (basic).",
    "neuronova",
  ),
  NEURONOVA_FHIR_PASSWORD: secret(z.string().min(1).optional(), "That user's password (basic).", "…"),
  NEURONOVA_FHIR_TOKEN: secret(
    z
      .string()
      .regex(/^[A-Za-z0-9._~+/-]+=*$/, "must be a bearer token (RFC 6750, 2.1)")
      .optional(),
    "A token that does not expire (bearer).",
    "…",
  ),
  NEURONOVA_FHIR_CLIENT_ID: setting(
    z.string().min(1).optional(),
    "Client identifier at the FHIR server's token endpoint (smart-backend-services).",
    "neuronova",
  ),
  NEURONOVA_FHIR_CLIENT_KEY: secret(
    clientKeySchema.optional(),
    "That client's private key: a JWK with `kid`, for RS384 or ES384 (smart-backend-services).",
    "…",
  ),
  NEURONOVA_FHIR_TOKEN_URL: setting(
    httpBase.optional(),
    "The token endpoint; without it, what the FHIR server's `.well-known/smart-configuration` says (smart-backend-services).",
    "https://id.example.org/token",
  ),
  NEURONOVA_FHIR_SCOPE: setting(
    z.string().min(1).default("system/*.cruds"),
    "Scope asked for (smart-backend-services).",
    "system/*.cruds",
  ),
} as const;

type Named = keyof typeof FHIR_AUTHORIZATION_SETTINGS;

/** What each way needs. */
const NEEDED: Readonly<Record<(typeof FHIR_AUTHORIZATIONS)[number], readonly Named[]>> = {
  none: [],
  basic: ["NEURONOVA_FHIR_USERNAME", "NEURONOVA_FHIR_PASSWORD"],
  bearer: ["NEURONOVA_FHIR_TOKEN"],
  "smart-backend-services": ["NEURONOVA_FHIR_CLIENT_ID", "NEURONOVA_FHIR_CLIENT_KEY"],
};

/** @returns what is missing for the way that is chosen, or given for none */
export function fhirAuthorizationProblems(values: Readonly<Record<string, unknown>>): string[] {
  const way = values["NEURONOVA_FHIR_AUTHORIZATION"] as keyof typeof NEEDED | undefined;
  if (way === undefined) return [];
  return NEEDED[way]
    .filter((name) => values[name] === undefined)
    .map((name) => `${name} is missing: NEURONOVA_FHIR_AUTHORIZATION is ${way}`);
}
