/** Plays the images of a viewport one after the other, from the last again to the first. */
export class Cine {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private running = 0;

  constructor(
    /** Shows the next image; done when it is on screen. */
    private readonly step: () => Promise<void>,
    private readonly changed: () => void,
  ) {}

  get playing(): boolean {
    return this.running > 0;
  }

  get framesPerSecond(): number {
    return this.running;
  }

  /** @param framesPerSecond greater than 0; slower where the images do not arrive that fast: none is passed over */
  play(framesPerSecond: number): void {
    this.stop();
    this.running = framesPerSecond;
    const turn = async () => {
      const begun = performance.now();
      await this.step();
      if (this.running !== framesPerSecond) return;
      const left = 1_000 / framesPerSecond - (performance.now() - begun);
      this.timer = setTimeout(() => void turn(), Math.max(0, left));
    };
    this.timer = setTimeout(() => void turn(), 1_000 / framesPerSecond);
    this.changed();
  }

  stop(): void {
    clearTimeout(this.timer);
    if (this.running === 0) return;
    this.running = 0;
    this.changed();
  }
}
