import { randomBytes, scrypt, timingSafeEqual, type ScryptOptions } from "node:crypto";
import { z } from "zod";

export const SHORTEST_PASSWORD = 12;
const LONGEST_PASSWORD = 1_024;

/** What may become a password: long enough, and nothing else is asked of it (NIST SP 800-63B 5.1.1.2). */
export const passwordSchema = z
  .string()
  .min(SHORTEST_PASSWORD, { error: `a password has at least ${SHORTEST_PASSWORD} characters` })
  .max(LONGEST_PASSWORD, { error: `a password has at most ${LONGEST_PASSWORD} characters` });

/** OWASP's scrypt parameters: N = 2^17, r = 8, p = 1, about 128 MiB for each check. */
const COST = { N: 2 ** 17, r: 8, p: 1 };
const KEY_BYTES = 32;

/** A salted scrypt hash with its parameters: `scrypt$N$r$p$salt$key`. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  return written(salt, await derive(password, salt, KEY_BYTES, COST));
}

/** A hash that no password has, as its key was derived of none. To check against it takes as long as against any other. */
export function hashOfNobody(): string {
  return written(randomBytes(16), randomBytes(KEY_BYTES));
}

function written(salt: Buffer, key: Buffer): string {
  return ["scrypt", COST.N, COST.r, COST.p, salt.toString("base64url"), key.toString("base64url")].join("$");
}

/** Whether the password is the one that was hashed. Takes the same time either way. */
export async function verifyPassword(password: string, hash: string): Promise<boolean> {
  const [scheme, N, r, p, salt, key] = hash.split("$");
  if (scheme !== "scrypt" || salt === undefined || key === undefined)
    throw new Error("unknown password hash");
  const expected = Buffer.from(key, "base64url");
  const given = await derive(password, Buffer.from(salt, "base64url"), expected.byteLength, {
    N: Number(N),
    r: Number(r),
    p: Number(p),
  });
  return timingSafeEqual(given, expected);
}

function derive(
  password: string,
  salt: Buffer,
  bytes: number,
  cost: { N: number; r: number; p: number },
): Promise<Buffer> {
  const options: ScryptOptions = { ...cost, maxmem: 160 * cost.N * cost.r };
  return new Promise((resolve, reject) => {
    scrypt(password.normalize("NFKC"), salt, bytes, options, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}
