import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import { ApiError } from "../error-response.js";

/** Sizes in bytes. */
export interface UploadLimits {
  readonly largestInstance: number;
  readonly largestRequest: number;
  readonly instancesPerRequest: number;
  readonly requestsPerMinute: number;
  readonly bytesPerMinute: number;
  /** In this process; one principal may have half of them. */
  readonly atOnce: number;
}

const WINDOW_SECONDS = 60;

/** A turn to upload: counts its bytes, and is given back at the end. */
export interface UploadTurn {
  readonly count: (bytes: number) => void;
  readonly end: () => void;
}

/** Who may begin an upload now, in this process. */
export class UploadTurns {
  private readonly requests: RateLimiterMemory;
  private readonly bytes: RateLimiterMemory;
  private readonly running = new Map<string, number>();
  private total = 0;

  constructor(private readonly limits: UploadLimits) {
    this.requests = new RateLimiterMemory({ points: limits.requestsPerMinute, duration: WINDOW_SECONDS });
    this.bytes = new RateLimiterMemory({ points: limits.bytesPerMinute, duration: WINDOW_SECONDS });
  }

  /**
   * An upload that has begun is never cut off for its rate: the next one waits.
   * @throws ApiError 429 `too-many-requests`, 503 `too-many-uploads`
   */
  async begin(subject: string): Promise<UploadTurn> {
    const sent = await this.bytes.get(subject);
    if (sent !== null && sent.consumedPoints >= this.limits.bytesPerMinute) throw tooMany(sent);
    await this.requests.consume(subject).catch((refusal: unknown) => {
      throw refusal instanceof RateLimiterRes ? tooMany(refusal) : refusal;
    });
    const own = this.running.get(subject) ?? 0;
    if (this.total >= this.limits.atOnce || own >= Math.max(1, Math.floor(this.limits.atOnce / 2)))
      throw new ApiError(503, "too-many-uploads", "Too many uploads at once.", { "Retry-After": "2" });
    this.total += 1;
    this.running.set(subject, own + 1);
    return { count: (bytes) => void this.bytes.penalty(subject, bytes), end: () => this.end(subject) };
  }

  private end(subject: string): void {
    this.total -= 1;
    const own = (this.running.get(subject) ?? 1) - 1;
    if (own === 0) this.running.delete(subject);
    else this.running.set(subject, own);
  }
}

function tooMany({ msBeforeNext }: RateLimiterRes): ApiError {
  return new ApiError(429, "too-many-requests", "Too much was uploaded within a minute.", {
    "Retry-After": String(Math.max(1, Math.ceil(msBeforeNext / 1_000))),
  });
}
