import { z } from "zod";

export interface Setting<Schema extends z.ZodType> {
  readonly schema: Schema;
  readonly description: string;
  readonly example: string;
  readonly secret?: true;
}

/** A setting, for the table of all. */
export function setting<Schema extends z.ZodType>(
  schema: Schema,
  description: string,
  example: string,
): Setting<Schema> {
  return { schema, description, example };
}

/** One whose value is never shown. */
export function secret<Schema extends z.ZodType>(
  schema: Schema,
  description: string,
  example: string,
): Setting<Schema> {
  return { schema, description, example, secret: true };
}

export const url = (...protocols: string[]) =>
  z.string().refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol), {
    error: `must be a URL starting with ${protocols.map((protocol) => `${protocol}//`).join(" or ")}`,
  });
export const httpBase = url("http:", "https:").transform((text) => text.replace(/\/+$/, ""));
export const whole = (from: number, to: number) => z.coerce.number().int().min(from).max(to);

/** A value that is JSON. */
export const json = (whenAbsent: string) =>
  z
    .string()
    .default(whenAbsent)
    .transform((text, context): unknown => {
      try {
        return JSON.parse(text);
      } catch {
        context.addIssue({ code: "custom", message: "is not JSON" });
        return z.NEVER;
      }
    });
