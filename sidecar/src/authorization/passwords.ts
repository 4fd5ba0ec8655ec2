import { ApiError } from "../error-response.js";
import { hashOfNobody, hashPassword, verifyPassword } from "./password.js";

/** Password checks at the same time: each takes 128 MiB and a core. */
const CHECKS_AT_ONCE = 2;
const LONGEST_QUEUE = 20;

/** Hashes and checks passwords, a few at a time. */
export class Passwords {
  private readonly decoy = hashOfNobody();
  private checking = 0;
  private readonly waiting: (() => void)[] = [];

  hash(password: string): Promise<string> {
    return this.inTurn(() => hashPassword(password));
  }

  /** Whether it is the password; without a hash it costs the same time, and is not. */
  async matches(password: string, hash: string | undefined): Promise<boolean> {
    const matches = await this.inTurn(() => verifyPassword(password, hash ?? this.decoy));
    return matches && hash !== undefined;
  }

  private async inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.checking >= CHECKS_AT_ONCE) {
      if (this.waiting.length >= LONGEST_QUEUE)
        throw new ApiError(429, "too-many-logins", "Too many logins at once.", { "Retry-After": "5" });
      // Whoever is done hands its place over: nobody can slip in between.
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    } else this.checking += 1;
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      if (next === undefined) this.checking -= 1;
      else next();
    }
  }
}
