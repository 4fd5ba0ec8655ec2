import { createHash, timingSafeEqual } from "node:crypto";
import type { TokenVerifier } from "../authorization/access-token.js";
import type { Principal } from "../authorization/principal.js";
import { ApiError } from "../error-response.js";
import type { ShareCheck } from "../share-links/share-links.js";

/** A token as the plugin passes it on; both are empty when the request had none. */
export interface PresentedToken {
  /** Header or argument it came in: `Authorization`, `token`, `api-key`. */
  readonly key: string;
  readonly value: string;
}

export type Bearer =
  | { readonly kind: "principal"; readonly principal: Principal }
  /** This program itself, or nginx after this program has decided: Orthanc's own account. */
  | { readonly kind: "service" }
  | { readonly kind: "nobody" };

export interface TokenReaderDependencies {
  readonly tokens: TokenVerifier;
  readonly shareLinks: { check(token: string): Promise<ShareCheck> };
  readonly orthancAccount: { readonly username: string; readonly password: string };
}

/** 32 random octets, base64url: the form of a share link's token. */
const SHARE_TOKEN = /^[\w-]{43}$/;
const NOBODY: Bearer = { kind: "nobody" };

/** Says who bears the token of a request to Orthanc. Whatever cannot be verified is nobody's. */
export class TokenReader {
  private readonly service: Buffer;

  constructor(private readonly dependencies: TokenReaderDependencies) {
    const { username, password } = dependencies.orthancAccount;
    this.service = sha256(`Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`);
  }

  async bearerOf({ value }: PresentedToken): Promise<Bearer> {
    if (value === "") return NOBODY;
    if (value.startsWith("Basic "))
      return timingSafeEqual(sha256(value), this.service) ? { kind: "service" } : NOBODY;
    const token = value.replace(/^Bearer +/i, "");
    if (SHARE_TOKEN.test(token)) {
      const check = await this.dependencies.shareLinks.check(token);
      return check.state === "valid" ? { kind: "principal", principal: check.principal } : NOBODY;
    }
    try {
      return { kind: "principal", principal: await this.dependencies.tokens.verify(token) };
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return NOBODY;
      throw error;
    }
  }
}

function sha256(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
