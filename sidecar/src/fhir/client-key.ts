import { z } from "zod";

/** Signature algorithms that SMART App Launch requires of servers (2.2, Client Authentication: Asymmetric). */
export type ClientKeyAlgorithm = "RS384" | "ES384";

const kid = z.string().min(1);
const rsa = z.looseObject({ kid, kty: z.literal("RSA"), n: z.string(), d: z.string() });
const ec = z.looseObject({ kid, kty: z.literal("EC"), crv: z.literal("P-384"), d: z.string() });

/** A client's private key, a JWK (RFC 7517). Messages never repeat any of it. */
export const clientJwkSchema = z.union([rsa, ec], {
  error: "must be a private JWK with kid, of kty RSA, or EC on P-384",
});

/** The same, as text. */
export const clientKeySchema = z
  .string()
  .transform((text, context): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      context.addIssue({ code: "custom", message: "is not JSON" });
      return z.NEVER;
    }
  })
  .pipe(clientJwkSchema);

export type ClientKey = z.output<typeof clientKeySchema>;

export function algorithmOf(key: ClientKey): ClientKeyAlgorithm {
  return key.kty === "RSA" ? "RS384" : "ES384";
}
