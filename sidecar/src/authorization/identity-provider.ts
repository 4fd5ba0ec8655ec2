import { z } from "zod";
import { labelsSchema, roleSchema } from "./account-access.js";

/** Signatures by a private key only: a shared secret would let whoever verifies also sign. */
export const ASYMMETRIC_ALGORITHMS = [
  "RS256",
  "RS384",
  "RS512",
  "PS256",
  "PS384",
  "PS512",
  "ES256",
  "ES384",
  "ES512",
  "EdDSA",
] as const;

const LOOPBACK = /^(?:127\.\d+\.\d+\.\d+|\[::1\]|localhost)$/;

/** https, or http on loopback: keys fetched over an open network are anybody's. */
export const trustedUrlSchema = z.string().refine(
  (text) => {
    if (!URL.canParse(text)) return false;
    const { protocol, hostname, username, hash } = new URL(text);
    const secure = protocol === "https:" || (protocol === "http:" && LOOPBACK.test(hostname));
    return secure && username === "" && hash === "";
  },
  { error: "must be an https URL (http on loopback only)" },
);

const claimPathSchema = z.array(z.string().min(1)).min(1);

/** One external identity provider: which of its tokens are taken, and what they mean here. */
export const identityProviderSchema = z.strictObject({
  /** `iss`, character by character. */
  issuer: trustedUrlSchema,
  /** `aud` must hold one of these. */
  audiences: z.array(z.string().min(1)).min(1),
  algorithms: z.array(z.enum(ASYMMETRIC_ALGORITHMS)).min(1).default(["RS256"]),
  /** Left out, it is taken from the issuer's discovery document. */
  jwksUri: trustedUrlSchema.optional(),
  /** Accepted `typ` headers (RFC 9068: at+jwt). Keycloak says JWT for all its tokens: then set requiredClaims too. */
  types: z.array(z.string().min(1)).min(1).default(["at+jwt"]),
  /** Claims that must have these values, such as `{"typ": "Bearer"}` for Keycloak's access tokens. */
  requiredClaims: z.record(z.string(), z.string()).default({}),
  clockToleranceSeconds: z.number().int().min(0).max(300).default(30),
  /** A token with a longer life is not taken: it cannot be revoked here. */
  longestLifeSeconds: z.number().int().min(60).max(86_400).default(3_600),
  roleClaim: claimPathSchema,
  /** Value of the role claim → role here; the first that fits counts. */
  roles: z.record(z.string(), roleSchema),
  patientClaim: claimPathSchema.optional(),
  issuerOfPatientId: z.string().default(""),
  labelsClaim: claimPathSchema.optional(),
  /** Labels where the claim is not configured. */
  labels: labelsSchema.default([]),
  nameClaim: claimPathSchema.default(["name"]),
});
export type IdentityProvider = z.output<typeof identityProviderSchema>;

export const identityProvidersSchema = z
  .array(identityProviderSchema)
  .max(50)
  .refine((providers) => new Set(providers.map(({ issuer }) => issuer)).size === providers.length, {
    error: "an issuer is there twice",
  });
