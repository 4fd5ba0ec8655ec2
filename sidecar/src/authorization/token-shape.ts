import { hasDuplicateMembers } from "./json-members.js";
import { invalidToken } from "./token-error.js";

/** Header and claims of a token, not yet verified: good for choosing whom to ask, for nothing else. */
export interface TokenShape {
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
}

const COMPACT = /^[\w-]+\.[\w-]+\.[\w-]+$/;
/**
 * Keys come from where they are configured, never from the token (RFC 8725 3.10); no extension is understood (`crit`),
 * and nothing is encrypted, compressed or nested.
 */
const REFUSED_HEADERS = ["jku", "jwk", "x5u", "x5c", "crit", "b64", "zip", "enc", "cty"] as const;

/**
 * @param longest more characters are not even looked at
 * @throws ApiError 401 `token-invalid`
 */
export function shapeOf(token: string, longest: number): TokenShape {
  if (token.length > longest || !COMPACT.test(token)) throw invalidToken();
  const [header = "", claims = ""] = token.split(".");
  const shape = { header: jsonObject(header), claims: jsonObject(claims) };
  if (REFUSED_HEADERS.some((name) => Object.hasOwn(shape.header, name))) throw invalidToken();
  return shape;
}

function jsonObject(part: string): Record<string, unknown> {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(Buffer.from(part, "base64url"));
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value) && !hasDuplicateMembers(text))
      return value as Record<string, unknown>;
  } catch {
    // told below
  }
  throw invalidToken();
}
