/** Where a command shows how far it is. */
export interface Screen {
  /** Writes to standard output; resolves when there is room for more. */
  readonly print: (text: string) => Promise<void>;
  /** Columns of the terminal; undefined when the output goes somewhere else. */
  readonly columns: number | undefined;
}

const BAR_COLUMNS = 30;
const LINE_SECONDS = 10;

/** A bar that is drawn over itself on a terminal, a line now and then anywhere else. */
export class Progress {
  private readonly begun: number;
  private told = -Infinity;
  private drawn = false;

  constructor(
    private readonly screen: Screen,
    private readonly nowMilliseconds: () => number = () => performance.now(),
  ) {
    this.begun = nowMilliseconds();
  }

  async show(done: number, total: number): Promise<void> {
    const seconds = (this.nowMilliseconds() - this.begun) / 1_000;
    const text = progressText(done, total, seconds);
    if (this.screen.columns !== undefined) {
      const filled = total === 0 ? BAR_COLUMNS : Math.floor((BAR_COLUMNS * done) / total);
      const bar = `[${"#".repeat(filled)}${"-".repeat(BAR_COLUMNS - filled)}] ${text}`;
      await this.screen.print(`\r${bar.slice(0, this.screen.columns - 1)}\u001b[K`);
      this.drawn = true;
    } else if (seconds - this.told >= LINE_SECONDS) {
      this.told = seconds;
      await this.screen.print(`${text}\n`);
    }
  }

  /** A line of its own, below what was drawn. */
  async say(line: string): Promise<void> {
    await this.screen.print(`${this.drawn ? "\n" : ""}${line}\n`);
    this.drawn = false;
  }
}

/** `450 of 1000 (45 %), 12.3/s, 0:45 to go` */
export function progressText(done: number, total: number, seconds: number): string {
  const percent = total === 0 ? 100 : Math.floor((100 * done) / total);
  const rate = seconds > 0 ? done / seconds : 0;
  const left = rate > 0 && done < total ? `, ${duration((total - done) / rate)} to go` : "";
  return `${done} of ${total} (${percent} %), ${rate.toFixed(1)}/s${left}`;
}

function duration(seconds: number): string {
  const whole = Math.ceil(seconds);
  const [hours, minutes, rest] = [Math.floor(whole / 3_600), Math.floor(whole / 60) % 60, whole % 60];
  const padded = (value: number) => String(value).padStart(2, "0");
  return hours > 0 ? `${hours}:${padded(minutes)}:${padded(rest)}` : `${minutes}:${padded(rest)}`;
}
