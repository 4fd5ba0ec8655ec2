import { z } from "zod";
import { ApiError } from "../error-response.js";
import { DESTINATIONS, MESSAGE_KINDS } from "./message.js";

const filterShape = {
  destination: z.enum(DESTINATIONS).optional(),
  kind: z.enum(MESSAGE_KINDS).optional(),
  code: z
    .string()
    .regex(/^[a-z-]{1,64}$/)
    .optional(),
};

export const letterFilter = z.strictObject(filterShape);

export const letterSearch = z.strictObject({
  ...filterShape,
  state: z.enum(["failed", "pending"]).default("failed"),
  after: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});

export const dropRequest = z.strictObject({ reason: z.string().trim().min(3).max(1_000) });

/** @throws ApiError 400 `request-malformed`, saying which member is wrong and how */
export function parsedAs<Schema extends z.ZodType>(schema: Schema, given: unknown): z.output<Schema> {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const why = parsed.error.issues.map(({ path, message }) =>
    `${path.join(".")}: ${message}`.replace(/^: /, ""),
  );
  throw new ApiError(400, "request-malformed", why.join("; "));
}

/** @throws ApiError 404 `no-such-message` */
export function messageId(text: string): number {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw noSuchMessage();
}

export function noSuchMessage(): ApiError {
  return new ApiError(404, "no-such-message", "There is no such message, or it has not failed.");
}
