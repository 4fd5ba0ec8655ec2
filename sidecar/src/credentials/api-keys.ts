import { createHash, randomBytes } from "node:crypto";
import { z } from "zod";
import type { ForgetfulVerifier } from "../authorization/bearer-tokens.js";
import { labelsSchema } from "../authorization/account-access.js";
import { demandAll } from "../authorization/authenticate.js";
import { parseBody } from "../authorization/parse-body.js";
import { PERMISSIONS } from "../authorization/permissions.js";
import { createPrincipal, type Principal } from "../authorization/principal.js";
import { expiredToken, invalidToken } from "../authorization/token-error.js";
import { VerifiedTokens } from "../authorization/verified-tokens.js";
import { ApiError } from "../error-response.js";
import type { ApiKeyDetails, ApiKeyStore } from "./api-key-store.js";

/** The prefix lets secret scanners find a key that was left somewhere. */
const PREFIX = "nnk_";
const KEY = /^nnk_[\w-]{43}$/;
const LONGEST_LIFE_DAYS = 366;

/** Break-glass needs a person with a reason. */
export const grantableSchema = z
  .array(z.enum(PERMISSIONS))
  .min(1)
  .refine((permissions) => !permissions.includes("break-glass"), {
    error: "break-glass is for persons",
  });

export const newKeySchema = z.strictObject({
  name: z.string().trim().min(1).max(255),
  permissions: grantableSchema,
  labels: labelsSchema,
  validForDays: z.number().int().min(1).max(LONGEST_LIFE_DAYS),
});

/** API keys: 256 random bits, shown once, kept as a hash; scoped, expiring, revocable. */
export class ApiKeys implements ForgetfulVerifier {
  private readonly verified: VerifiedTokens<{ readonly keyHash: string; readonly expiresAt: Date }>;

  constructor(
    private readonly store: ApiKeyStore,
    /** Has every process look identities up again. */
    private readonly changed: () => void,
  ) {
    this.verified = new VerifiedTokens(async ({ keyHash }) => this.principalOf(await this.find(keyHash)));
  }

  recognise(token: string): boolean {
    return KEY.test(token);
  }

  verify(token: string): Promise<Principal> {
    return this.verified.principal(token, async () => {
      const keyHash = sha256(token);
      const { expiresAt } = await this.find(keyHash);
      return { keyHash, expiresAt };
    });
  }

  forgetIdentities(): void {
    this.verified.forgetPrincipals();
  }

  /**
   * @returns the key, which is never shown again
   * @throws ApiError 400; 403 for permissions the creator does not have
   */
  async create(creator: Principal, body: unknown): Promise<{ id: number; key: string; expiresAt: Date }> {
    const { validForDays, ...wanted } = parseBody(newKeySchema, body);
    demandAll(creator, wanted.permissions);
    const key = PREFIX + randomBytes(32).toString("base64url");
    const expiresAt = new Date(Date.now() + validForDays * 86_400_000);
    const id = await this.store.add({ ...wanted, createdBy: creator.subject, expiresAt }, sha256(key));
    return { id, key, expiresAt };
  }

  list(): Promise<ApiKeyDetails[]> {
    return this.store.list();
  }

  /** @throws ApiError 404 */
  async revoke(id: number): Promise<void> {
    if (!(await this.store.revoke(id)))
      throw new ApiError(404, "no-such-api-key", "There is no such API key in force.");
    this.changed();
  }

  private async find(keyHash: string): Promise<ApiKeyDetails> {
    const key = await this.store.byHash(keyHash);
    if (key === null || key.revokedAt !== null) throw invalidToken();
    if (key.expiresAt.getTime() <= Date.now()) throw expiredToken();
    return key;
  }

  private async principalOf(key: ApiKeyDetails): Promise<Principal> {
    await this.store.touch(key.id);
    const { id, name, permissions, labels, expiresAt } = key;
    return createPrincipal(
      {
        subject: `api-key:${id}`,
        kind: "api-key",
        displayName: name,
        role: null,
        permissions,
        labels,
        patient: null,
        studyInstanceUids: null,
        grants: [],
      },
      `api-key:${id}`,
      expiresAt,
    );
  }
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
