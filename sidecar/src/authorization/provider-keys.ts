import {
  createLocalJWKSet,
  createRemoteJWKSet,
  customFetch,
  errors,
  type FetchImplementation,
  type JWTVerifyGetKey,
} from "jose";
import { z } from "zod";
import { ApiError } from "../error-response.js";
import { trustedUrlSchema, type IdentityProvider } from "./identity-provider.js";

const TIMEOUT_MILLISECONDS = 5_000;
const CACHE_MILLISECONDS = 600_000;
/** An unknown `kid` has the keys fetched again, at most once in this time: a new key is known this late at worst. */
export const JWKS_COOLDOWN_SECONDS = 10;

const discoverySchema = z.object({ issuer: z.string(), jwks_uri: trustedUrlSchema });

/** Where a provider's public keys come from: its settings, its JWKS address, or its discovery document. */
export function keysOf({
  issuer,
  jwks,
  jwksUri,
}: Pick<IdentityProvider, "issuer" | "jwks" | "jwksUri">): JWTVerifyGetKey {
  if (jwks !== undefined) return createLocalJWKSet(jwks);
  return jwksUri === undefined ? discoveredKeys(issuer) : remoteKeys(jwksUri);
}

/** The public keys at a JWKS address, cached; fetched again for an unknown `kid`, at a limited rate. */
export function remoteKeys(jwksUri: string): JWTVerifyGetKey {
  return reportingOutage(
    createRemoteJWKSet(new URL(jwksUri), {
      timeoutDuration: TIMEOUT_MILLISECONDS,
      cooldownDuration: JWKS_COOLDOWN_SECONDS * 1_000,
      cacheMaxAge: CACHE_MILLISECONDS,
      [customFetch]: rateLimitedFetch(),
    }),
  );
}

/**
 * jose cools down after keys it has got, not after those it could not get: whoever invents tokens would have a provider
 * that is away asked for each of them.
 */
function rateLimitedFetch(): FetchImplementation {
  let askedAt = Number.NEGATIVE_INFINITY;
  return (url, options) => {
    const now = Date.now();
    if (now - askedAt < JWKS_COOLDOWN_SECONDS * 1_000) throw unavailable();
    askedAt = now;
    return fetch(url, options);
  };
}

/** The keys of an OpenID provider, found by its discovery document (OpenID Connect Discovery 4). */
function discoveredKeys(issuer: string): JWTVerifyGetKey {
  let keys: Promise<JWTVerifyGetKey> | undefined;
  let failedAt = 0;
  return async (header, token) => {
    if (keys === undefined) {
      // A provider that is away is asked again at a limited rate, too.
      if (Date.now() - failedAt < JWKS_COOLDOWN_SECONDS * 1_000) throw unavailable();
      keys = discover(issuer).then(remoteKeys);
      keys.catch(() => {
        keys = undefined;
        failedAt = Date.now();
      });
    }
    return (await keys)(header, token);
  };
}

async function discover(issuer: string): Promise<string> {
  const address = `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;
  let document: unknown;
  try {
    const response = await fetch(address, {
      redirect: "error",
      headers: { Accept: "application/json" },
      signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
    });
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    document = await response.json();
  } catch (error) {
    throw unavailable(error);
  }
  const discovered = discoverySchema.safeParse(document);
  // Discovery 4.3: the document must speak for the very issuer that was asked.
  if (!discovered.success || discovered.data.issuer !== issuer) throw unavailable();
  return discovered.data.jwks_uri;
}

/** A token is not invalid because its keys cannot be fetched. */
function reportingOutage(keys: JWTVerifyGetKey): JWTVerifyGetKey {
  return async (header, token) => {
    try {
      return await keys(header, token);
    } catch (error) {
      if (
        error instanceof errors.JWKSNoMatchingKey ||
        error instanceof errors.JWKSMultipleMatchingKeys ||
        error instanceof errors.JOSENotSupported
      ) {
        throw error;
      }
      throw error instanceof ApiError ? error : unavailable(error);
    }
  };
}

function unavailable(cause?: unknown): ApiError {
  const error = new ApiError(
    503,
    "identity-provider-unavailable",
    "The keys that would verify this token cannot be fetched at the moment.",
    { "Retry-After": String(JWKS_COOLDOWN_SECONDS) },
  );
  if (cause !== undefined) error.cause = cause;
  return error;
}
