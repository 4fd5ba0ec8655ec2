export interface Part {
  readonly headers: string;
  readonly body: Buffer;
}

/** The parts of a multipart/related answer, read strictly: every boundary on its own line (RFC 2046 5.1.1). */
export function partsOf(contentType: string, bytes: Buffer): Part[] {
  const boundary = /boundary="?([^";]+)"?/.exec(contentType)?.[1];
  if (boundary === undefined) throw new Error(`no boundary in ${contentType}`);
  const delimiter = Buffer.from(`--${boundary}`);
  const parts: Part[] = [];
  let position = bytes.indexOf(delimiter);
  while (position >= 0) {
    const start = position + delimiter.length;
    if (bytes.subarray(start, start + 2).toString("latin1") === "--") return parts;
    const headersEnd = bytes.indexOf("\r\n\r\n", start);
    const headers = bytes.subarray(start + 2, headersEnd).toString("latin1");
    const length = /^content-length: *(\d+)/im.exec(headers)?.[1];
    const next = bytes.indexOf(delimiter, headersEnd + 4 + Number(length ?? 0));
    if (headersEnd < 0 || next < 0) throw new Error("the multipart answer is cut off");
    parts.push({ headers, body: bytes.subarray(headersEnd + 4, next - 2) });
    position = next;
  }
  throw new Error("the multipart answer has no end");
}
