import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import { ApiError } from "../error-response.js";
import type { ForgetfulVerifier } from "./bearer-tokens.js";
import type { Principal } from "./principal.js";

const WINDOW_SECONDS = 60;

/**
 * So many requests of a principal in a minute, in this process, whatever tokens they show. A viewer asks for hundreds of
 * frames a second: the limit is there for programs that have gone wild. nginx counts by address (nginx/limits.conf).
 */
export class RateLimitedTokens implements ForgetfulVerifier {
  private readonly limiter: RateLimiterMemory;

  constructor(
    private readonly tokens: ForgetfulVerifier & {
      readonly prolong: (token: string) => Promise<string | null>;
    },
    requestsPerMinute: number,
  ) {
    this.limiter = new RateLimiterMemory({ points: requestsPerMinute, duration: WINDOW_SECONDS });
  }

  /** @throws ApiError 401; 429 `too-many-requests` */
  async verify(token: string): Promise<Principal> {
    const principal = await this.tokens.verify(token);
    try {
      await this.limiter.consume(principal.subject);
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      throw new ApiError(429, "too-many-requests", "Too many requests within a minute.", {
        "Retry-After": String(Math.max(1, Math.ceil(refusal.msBeforeNext / 1_000))),
      });
    }
    return principal;
  }

  prolong(token: string): Promise<string | null> {
    return this.tokens.prolong(token);
  }

  forgetIdentities(): void {
    this.tokens.forgetIdentities();
  }
}
