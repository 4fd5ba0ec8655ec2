import { generateKeyPair, exportJWK, exportPKCS8 } from "jose";
import { randomBytes } from "node:crypto";
import { Provider } from "oidc-provider";
import { SCOPE } from "../../src/openemr/connect.js";

export const CLIENT_ID = "neuronova";
export const CLIENT_SECRET = randomBytes(24).toString("base64url");
export const REDIRECT_URI = "http://localhost/neuronova";
export const READING_CLIENT_ID = "neuronova-reading";
/** OpenEMR takes RS384 and no other for assertions. */
const readingKeys = await generateKeyPair("RS384", { extractable: true });
export const READING_KEY_ID = "reading";
export const READING_KEY = await exportPKCS8(readingKeys.privateKey);

/** An OpenID provider with OpenEMR's paths and habits: refresh tokens rotate, and one used twice ends its family. */
export async function openEmrAuthorization(issuer: string, tokenSeconds: () => number): Promise<Provider> {
  const publicKey = await exportJWK(readingKeys.publicKey);
  return new Provider(issuer, {
    clients: [
      {
        client_id: CLIENT_ID,
        client_secret: CLIENT_SECRET,
        redirect_uris: [REDIRECT_URI],
        token_endpoint_auth_method: "client_secret_post",
        grant_types: ["authorization_code", "refresh_token"],
        response_types: ["code"],
      },
      {
        client_id: READING_CLIENT_ID,
        redirect_uris: [],
        token_endpoint_auth_method: "private_key_jwt",
        token_endpoint_auth_signing_alg: "RS384",
        grant_types: ["client_credentials"],
        response_types: [],
        jwks: { keys: [{ ...publicKey, kid: READING_KEY_ID, alg: "RS384", use: "sig" }] },
      },
    ],
    scopes: [...SCOPE.split(" "), "system/Patient.read"],
    cookies: { keys: [randomBytes(16).toString("hex")] },
    routes: { authorization: "/authorize", token: "/token", jwks: "/jwk", registration: "/registration" },
    pkce: { required: () => true },
    rotateRefreshToken: true,
    findAccount: (_context, sub) => ({ accountId: sub, claims: () => ({ sub }) }),
    ttl: {
      AccessToken: () => tokenSeconds(),
      // OpenEMR's tokens for programs live for a minute.
      ClientCredentials: 60,
      RefreshToken: 90 * 86_400,
      Grant: 90 * 86_400,
      Session: 3_600,
      Interaction: 600,
      IdToken: 600,
    },
    enabledJWA: { clientAuthSigningAlgValues: ["RS384"] },
    features: { devInteractions: { enabled: true }, clientCredentials: { enabled: true } },
  });
}
