import { z } from "zod";
import type { JWK } from "jose";
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

/** Names of members, from the outside in. */
export const claimPathSchema = z.array(z.string().min(1)).min(1);

/** Members of a JWK that are secrets (RFC 7518 6.2.2, 6.3.2, 6.4.1). */
const PRIVATE_MEMBERS = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/** Public keys written down here: no address of the provider's is asked for them. */
const ownKeysSchema = z.object({
  keys: z
    .array(
      z
        .looseObject({ kty: z.enum(["RSA", "EC", "OKP"]), kid: z.string().min(1) })
        .refine((key) => !PRIVATE_MEMBERS.some((member) => Object.hasOwn(key, member)), {
          error: "holds a private key: give the public one alone",
        })
        .transform((key) => key as JWK),
    )
    .min(1)
    .max(20)
    .refine((keys) => new Set(keys.map(({ kid }) => kid)).size === keys.length, {
      error: "a kid is there twice",
    }),
});

/** One external identity provider: which of its tokens are taken, and what they mean here. */
export const identityProviderSchema = z
  .strictObject({
    /** `iss`, character by character. */
    issuer: trustedUrlSchema,
    /** `aud` must hold one of these. */
    audiences: z.array(z.string().min(1)).min(1),
    algorithms: z.array(z.enum(ASYMMETRIC_ALGORITHMS)).min(1).default(["RS256"]),
    /** Left out, it is taken from the issuer's discovery document. */
    jwksUri: trustedUrlSchema.optional(),
    /** The keys themselves, for a provider that can't be asked, such as an EMR that signs for its own pages. */
    jwks: ownKeysSchema.optional(),
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
    /** Every token is for the patient of its patientClaim alone, whatever the role; without the claim for none. */
    onePatient: z.boolean().default(false),
    issuerOfPatientId: z.string().default(""),
    labelsClaim: claimPathSchema.optional(),
    /** Labels where the claim is not configured. */
    labels: labelsSchema.default([]),
    nameClaim: claimPathSchema.default(["name"]),
  })
  .refine(({ jwks, jwksUri }) => jwks === undefined || jwksUri === undefined, {
    error: "jwks and jwksUri exclude each other",
  })
  .refine(({ onePatient, patientClaim }) => !onePatient || patientClaim !== undefined, {
    error: "onePatient needs patientClaim",
  });
export type IdentityProvider = z.output<typeof identityProviderSchema>;

export const identityProvidersSchema = z
  .array(identityProviderSchema)
  .max(50)
  .refine((providers) => new Set(providers.map(({ issuer }) => issuer)).size === providers.length, {
    error: "an issuer is there twice",
  });
