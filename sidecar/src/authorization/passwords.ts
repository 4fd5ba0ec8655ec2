import { randomUUID } from "node:crypto";
import { ApiError } from "../error-response.js";
import { hashPassword, verifyPassword } from "./password.js";

/** Password checks at the same time: each takes 128 MiB and a core. */
const CHECKS_AT_ONCE = 2;
const LONGEST_QUEUE = 20;

/** Hashes and checks passwords, a few at a time. */
export class Passwords {
  private decoy: Promise<string> | undefined;
  private checking = 0;
  private readonly waiting: (() => void)[] = [];

  hash(password: string): Promise<string> {
    return this.inTurn(() => hashPassword(password));
  }

  /** Whether it is the password; without a hash it costs the same time, and is not. */
  async matches(password: string, hash: string | undefined): Promise<boolean> {
    // Made in turn as well: unknown names must not cost more memory than known ones.
    const against = hash ?? (await (this.decoy ??= this.hash(randomUUID())));
    return (await this.inTurn(() => verifyPassword(password, against))) && hash !== undefined;
  }

  /** Makes the decoy beforehand: the first unknown name is answered as late as the others. */
  async prepare(): Promise<void> {
    await (this.decoy ??= this.hash(randomUUID()));
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
