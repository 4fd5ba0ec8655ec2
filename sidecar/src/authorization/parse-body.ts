import type { z } from "zod";
import { ApiError } from "../error-response.js";

/**
 * The body of a request, validated.
 * @throws ApiError 400 `request-malformed`, naming the fields and never their values
 */
export function parseBody<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => [path.join("."), message].join(": "));
  throw new ApiError(400, "request-malformed", problems.join("; ").slice(0, 1_000));
}
