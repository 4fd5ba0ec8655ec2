/** What was sent is not the multipart it says it is, or stops before its end. */
export class MultipartError extends Error {
  override readonly name = "MultipartError";
}

const LONGEST_PART_HEADER = 16_384;
/** Blanks that a gateway may have put behind a boundary (RFC 2046 5.1.1). */
const LONGEST_PADDING = 128;
const CRLF = Buffer.from("\r\n");
const HEADER_END = Buffer.from("\r\n\r\n");

/**
 * Reads `multipart/related` as it arrives (RFC 2046 5.1.1), one part after the other; no more of it is in memory than a
 * chunk and a boundary. Preamble and epilogue are passed over.
 */
export class MultipartReader {
  private readonly delimiter: Buffer;
  /** A line end stands before each boundary; the first may stand at the very beginning. */
  private held: Buffer = CRLF;
  private ended = false;
  private state: "preamble" | "header" | "body" | "epilogue" = "preamble";

  constructor(
    private readonly source: AsyncIterator<Uint8Array, void>,
    boundary: string,
  ) {
    this.delimiter = Buffer.from(`\r\n--${boundary}`, "latin1");
  }

  /**
   * Goes on to the next part; what is left of the last one is passed over.
   * @returns its headers; undefined after the last part
   * @throws MultipartError
   */
  async next(): Promise<string | undefined> {
    if (this.state === "preamble" || this.state === "body") {
      const rest = this.untilDelimiter();
      while ((await rest.next()).done !== true);
    }
    if (this.state === "epilogue") return undefined;
    let end = this.held.indexOf(HEADER_END);
    while (end < 0) {
      if (this.held.length > LONGEST_PART_HEADER) throw new MultipartError("a part's header has no end");
      if (!(await this.fill())) throw new MultipartError("the request ends within a part's header");
      end = this.held.indexOf(HEADER_END);
    }
    const headers = this.held.toString("latin1", 0, end).trim();
    // The line end that closes the header stays: an empty body's boundary follows it at once.
    this.held = this.held.subarray(end + CRLF.length);
    this.state = "body";
    return headers;
  }

  /**
   * The bytes of the part, as they come.
   * @throws MultipartError when the request ends before the part does
   */
  async *body(): AsyncGenerator<Uint8Array> {
    let toSkip = CRLF.length;
    for await (const chunk of this.untilDelimiter()) {
      const skipped = Math.min(toSkip, chunk.length);
      toSkip -= skipped;
      if (chunk.length > skipped) yield chunk.subarray(skipped);
    }
  }

  /** What stands before the next boundary; the boundary's line is taken as well. */
  private async *untilDelimiter(): AsyncGenerator<Buffer> {
    for (let from = 0; ;) {
      const at = this.held.indexOf(this.delimiter, from);
      if (at < 0) {
        const sure = this.held.length - this.delimiter.length + 1;
        if (sure > 0) {
          const before = this.held.subarray(0, sure);
          this.held = this.held.subarray(sure);
          yield before;
        }
        from = 0;
        if (!(await this.fill())) throw new MultipartError("the request ends before its last boundary");
        continue;
      }
      const before = await this.takeBoundaryLine(at);
      if (before !== undefined) {
        if (before.length > 0) yield before;
        return;
      }
      from = at + 1;
    }
  }

  /** @returns what stood before the boundary, which is taken; undefined when it only begins like one */
  private async takeBoundaryLine(at: number): Promise<Buffer | undefined> {
    const behind = at + this.delimiter.length;
    for (;;) {
      const line = this.held.toString("latin1", behind, behind + LONGEST_PADDING + CRLF.length);
      if (line.startsWith("--")) {
        this.state = "epilogue";
        const before = this.held.subarray(0, at);
        this.held = Buffer.alloc(0);
        return before;
      }
      const padding = /^[ \t]*(?=\r\n)/.exec(line);
      if (padding !== null) {
        this.state = "header";
        const before = this.held.subarray(0, at);
        this.held = this.held.subarray(behind + padding[0].length);
        return before;
      }
      const mayBecomeOne = line.length < LONGEST_PADDING && /^(?:-|[ \t]*\r?)$/.test(line);
      if (!mayBecomeOne || !(await this.fill())) return undefined;
    }
  }

  private async fill(): Promise<boolean> {
    if (this.ended) return false;
    const next = await this.source.next();
    if (next.done === true) {
      this.ended = true;
      return false;
    }
    this.held = Buffer.concat([this.held, next.value]);
    return true;
  }
}
