import { randomUUID } from "node:crypto";
import { importJWK, SignJWT } from "jose";
import { algorithmOf, type ClientKey } from "../../fhir/client-key.js";

/** "No more than five minutes in the future" (SMART App Launch 2.2, Client Authentication: Asymmetric). */
const ASSERTION_SECONDS = 120;

/**
 * What a client that has a key sends a token endpoint to say who it is (`private_key_jwt`, RFC 7523).
 * @param now milliseconds since 1970
 */
export async function clientAssertion(
  { key, clientId }: { readonly key: ClientKey; readonly clientId: string },
  tokenUrl: string,
  now: number = Date.now(),
): Promise<{ client_assertion_type: string; client_assertion: string }> {
  const alg = algorithmOf(key);
  return {
    client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    client_assertion: await new SignJWT()
      .setProtectedHeader({ alg, kid: key.kid, typ: "JWT" })
      .setIssuer(clientId)
      .setSubject(clientId)
      .setAudience(tokenUrl)
      .setJti(randomUUID())
      .setExpirationTime(Math.floor(now / 1_000) + ASSERTION_SECONDS)
      .sign(await importJWK({ ...key }, alg)),
  };
}
