/** Subjects in one request to a destination that takes several. */
const MOST = 25;

/**
 * How much goes in one request: a destination that is too slow for large ones would be asked for the same again and
 * again, and never be done.
 */
export class GroupSize {
  private size = MOST;

  get most(): number {
    return this.size;
  }

  tooMuch(): void {
    this.size = Math.max(1, Math.floor(this.size / 2));
  }

  taken(): void {
    this.size = Math.min(MOST, this.size * 2);
  }
}
