/**
 * When to try a destination before the breaker's reset time is over, because it answers a question that costs nothing
 * (its ping). An outage that was seen, or that was over before anybody could ask, is tried at once; a destination that
 * answers and fails at messages all the same is tried after twice as long each time, up to a longest time.
 */
export class EarlyProbe {
  private waitMilliseconds: number;
  private notBefore = 0;

  constructor(
    private readonly firstMilliseconds: number,
    private readonly longestMilliseconds: number,
  ) {
    this.waitMilliseconds = firstMilliseconds;
  }

  /** The breaker is closed: the next outage is another one. */
  closed(): void {
    this.waitMilliseconds = this.firstMilliseconds;
    this.notBefore = 0;
  }

  /** The breaker is open. @param now milliseconds of a clock that never goes back */
  isDue(answers: boolean, now: number): boolean {
    if (!answers) {
      this.closed();
      return false;
    }
    if (now < this.notBefore) return false;
    this.notBefore = now + this.waitMilliseconds;
    this.waitMilliseconds = Math.min(2 * this.waitMilliseconds, this.longestMilliseconds);
    return true;
  }
}
