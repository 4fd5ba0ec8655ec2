import { pino, type DestinationStream, type Logger, type LoggerOptions } from "pino";
import { activeTrace } from "./tracing/active-trace.js";

export type { Logger } from "pino";

/** Keys whose values are never logged: identity of a patient, credentials (compared in lower case). */
const HIDDEN_KEYS =
  /^(patient(name|id|birthdate|sex|key)?|password|passwordhash|secret|token|accesstoken|refreshtoken|authorization|cookie|set-cookie|query|search|accessionnumber|body)$/i;
const JSON_WEB_TOKEN = /\beyJ[\w-]{5,}\.[\w-]+\.[\w-]*/g;
const URL_CREDENTIALS = /\/\/[^/@\s:]+:[^/@\s]+@/g;
const MAX_TEXT = 2_000;

/** Removes tokens and passwords from a text. */
export function scrubText(text: string): string {
  const short = text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text;
  return short.replace(JSON_WEB_TOKEN, "[token]").replace(URL_CREDENTIALS, "//[credentials]@");
}

/** A copy of what is to be logged, without patient identity, tokens or passwords at any depth. */
export function scrub(value: unknown, depth = 0): unknown {
  if (typeof value === "string") return scrubText(value);
  if (typeof value !== "object" || value === null) return value;
  if (depth > 6) return "[too deep]";
  if (value instanceof Error) return scrubError(value, depth);
  if (value instanceof Date) return value.toISOString();
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (Array.isArray(value)) return value.slice(0, 50).map((item) => scrub(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      HIDDEN_KEYS.test(key) ? "[hidden]" : scrub(item, depth + 1),
    ]),
  );
}

function scrubError(error: Error, depth: number): Record<string, unknown> {
  const { name, message, stack } = error;
  const code = (error as { code?: unknown }).code;
  return {
    type: name,
    // The database repeats values in its messages: its code says enough.
    message: name.startsWith("Sequelize") ? `database fault ${originalCode(error)}` : scrubText(message),
    // Database errors repeat the statement's values in their stack's first lines: frames only.
    stack: stack
      ?.split("\n")
      .filter((line) => line.trimStart().startsWith("at "))
      .slice(0, 12)
      .join("\n"),
    ...(typeof code === "string" || typeof code === "number" ? { code } : {}),
    ...(error.cause === undefined ? {} : { cause: scrub(error.cause, depth + 1) }),
  };
}

function originalCode(error: Error): string {
  const code = (error as { original?: { code?: unknown } }).original?.code;
  return typeof code === "string" ? code : "";
}

/** The program's logger: one JSON object a line, on standard output unless told. */
export function createLogger(level: string, name: string, to?: DestinationStream): Logger {
  const options: LoggerOptions = {
    level,
    name,
    timestamp: pino.stdTimeFunctions.isoTime,
    mixin: () => {
      const trace = activeTrace();
      return trace === undefined ? {} : { trace_id: trace.traceId, span_id: trace.spanId };
    },
    serializers: { err: (error: unknown) => error },
    formatters: {
      level: (label) => ({ level: label }),
      log: (object) => scrub(object) as Record<string, unknown>,
    },
    hooks: {
      logMethod(input, method) {
        const scrubbed = input.map((part) => (typeof part === "string" ? scrubText(part) : part));
        method.apply(this, scrubbed as Parameters<typeof method>);
      },
    },
  };
  return to === undefined ? pino(options) : pino(options, to);
}
