import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { AuthorizationServer } from "./authorization-server.js";
import { keptTokens } from "./service-user-tokens.js";
import type { TokenVault } from "./token-vault.js";

/** What the service user agrees to: the standard REST API, and no more of it than is used. */
export const SCOPE = [
  "openid",
  "offline_access",
  "api:oemr",
  ...["patient", "encounter", "medication", "document"].flatMap((name) => [
    `user/${name}.read`,
    `user/${name}.write`,
  ]),
].join(" ");

/** The person's browser came back with something else than was asked for. */
export class ConnectError extends Error {
  override readonly name = "ConnectError";
}

export interface ConnectDependencies {
  readonly server: AuthorizationServer;
  readonly vault: TokenVault;
  /** Shows the address to the person. */
  readonly show: (address: string) => Promise<void>;
  /** The address the person's browser ended at. */
  readonly landing: () => Promise<string>;
}

/**
 * Connects OpenEMR once: a person opens the address, logs in as the service user and agrees; the code that comes back
 * (RFC 6749 4.1.2) becomes a refresh token, which is kept.
 * @throws ConnectError; OpenEmrError
 */
export async function connect({ server, vault, show, landing }: ConnectDependencies): Promise<void> {
  const state = randomBytes(24).toString("base64url");
  const codeVerifier = randomBytes(48).toString("base64url");
  const codeChallenge = createHash("sha256").update(codeVerifier).digest("base64url");
  await show(server.authorizationAddress({ state, codeChallenge, scope: SCOPE }));
  const code = codeOf(await landing(), state);
  // Before the exchange, so that a vault that cannot be written costs no code.
  await vault.replace(async () => keptTokens(await server.exchangeCode(code, codeVerifier), undefined));
}

function codeOf(address: string, state: string): string {
  const text = address.trim();
  if (!URL.canParse(text))
    throw new ConnectError("That is no address: copy the whole line of the browser, from http on.");
  const { searchParams } = new URL(text);
  // RFC 6749 10.12: whatever carries another state was not asked for here.
  if (!same(searchParams.get("state") ?? "", state))
    throw new ConnectError(
      "The state is not the one that was sent: begin again, and use the newest address.",
    );
  const error = searchParams.get("error");
  if (error !== null)
    throw new ConnectError(`OpenEMR refused: ${error.replace(/[^a-z_]/g, "").slice(0, 40)}`);
  const code = searchParams.get("code");
  if (code === null || code === "") throw new ConnectError("The address holds no code.");
  return code;
}

function same(one: string, other: string): boolean {
  const [a, b] = [one, other].map((text) => createHash("sha256").update(text).digest());
  return a !== undefined && b !== undefined && timingSafeEqual(a, b);
}
