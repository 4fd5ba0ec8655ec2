import { AnalysisError } from "../../analysis-error.js";

/** float32 in JSON takes 24 characters at most ("-1.1754943508222875e-38"), and a comma. */
export const CHARACTERS_OF_A_NUMBER = 25;

/** The values as JSON, nested as the shape says, every digit kept. */
export function nestedText(values: Float32Array, shape: readonly number[]): string {
  const [, ...inner] = shape;
  if (inner.length === 0) return `[${values.join(",")}]`;
  const each = inner.reduce((product, side) => product * side, 1);
  const parts: string[] = [];
  for (let start = 0; start < values.length; start += each)
    parts.push(nestedText(values.subarray(start, start + each), inner));
  return `[${parts.join(",")}]`;
}

/**
 * Numbers that may be nested, one behind the other, and the shape they are nested in; a scalar has the shape [].
 * @throws AnalysisError `model-output-invalid` when something in it is no number or its rows differ in length
 */
export function flatNumbers(nested: unknown): { shape: number[]; values: Float32Array } {
  const shape: number[] = [];
  for (let level = nested; Array.isArray(level); level = (level as unknown[])[0]) shape.push(level.length);
  const values = new Float32Array(shape.reduce((product, side) => product * side, 1));
  let at = 0;
  const collect = (level: unknown, depth: number): void => {
    if (depth === shape.length) {
      if (typeof level !== "number") throw unreadable();
      values[at++] = level;
      return;
    }
    if (!Array.isArray(level) || level.length !== shape[depth]) throw unreadable();
    for (const inner of level) collect(inner, depth + 1);
  };
  collect(nested, 0);
  return { shape, values };
}

/** @throws AnalysisError `model-output-invalid` */
export function parsedAnswer(body: Uint8Array): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(body).toString("utf8"));
    if (typeof parsed === "object" && parsed !== null) return parsed as Record<string, unknown>;
  } catch {
    // NaN and Infinity, which JSON does not have, come here too
  }
  throw unreadable();
}

function unreadable(): AnalysisError {
  return new AnalysisError("model-output-invalid", "the server's answer is not tensors of numbers in JSON");
}
