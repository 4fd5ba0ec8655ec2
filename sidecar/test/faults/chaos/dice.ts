/** Other dice by hand: docs/testing.md. */
export const SEED = Number(process.env["NEURONOVA_CHAOS_SEED"] ?? 1);

/** The same throws for the same seed. */
export class Dice {
  private state: number;

  constructor(seed: number) {
    this.state = Math.imul(seed, 2_654_435_761) || 1;
  }

  /** From 0, below 1. */
  next(): number {
    this.state ^= this.state << 13;
    this.state ^= this.state >>> 17;
    this.state ^= this.state << 5;
    return (this.state >>> 0) / 2 ** 32;
  }

  between(least: number, most: number): number {
    return least + (most - least) * this.next();
  }

  of<T>(all: readonly T[]): T {
    const one = all[Math.floor(this.next() * all.length)];
    if (one === undefined) throw new Error("nothing to choose from");
    return one;
  }
}
