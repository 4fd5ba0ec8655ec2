/** Where in a trace something is: what `traceparent` of W3C Trace Context carries. `tracestate` is not kept. */
export interface TraceContext {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** Of the span that what follows is a child of; 16 hexadecimal digits. */
  readonly spanId: string;
  /** Whether whoever began the trace wants it recorded. */
  readonly sampled: boolean;
}

/** W3C Trace Context 3.2.2. Later versions may append to it. */
const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const LONGEST = 512;
const SAMPLED = 1;

/** Reads a header or column; undefined when it is none, or not valid: then a trace begins anew (W3C Trace Context 4.3). */
export function readTraceparent(text: unknown): TraceContext | undefined {
  if (typeof text !== "string" || text.length > LONGEST) return undefined;
  const [, version, traceId = "", spanId = "", flags = "", more] = TRACEPARENT.exec(text) ?? [];
  if (version === undefined || version === "ff" || (version === "00" && more !== undefined)) return undefined;
  if (isZero(traceId) || isZero(spanId)) return undefined;
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & SAMPLED) === SAMPLED };
}

export function writeTraceparent({ traceId, spanId, sampled }: TraceContext): string {
  return `00-${traceId}-${spanId}-${sampled ? "01" : "00"}`;
}

function isZero(id: string): boolean {
  return /^0*$/.test(id);
}
