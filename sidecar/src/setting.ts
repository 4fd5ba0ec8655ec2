import type { z } from "zod";

/** One setting: how its text is read, and what people are told of it. */
export interface Setting<Schema extends z.ZodType> {
  readonly schema: Schema;
  readonly description: string;
  readonly example: string;
  readonly secret?: true;
}

export function setting<Schema extends z.ZodType>(
  schema: Schema,
  description: string,
  example: string,
): Setting<Schema> {
  return { schema, description, example };
}

export function secret<Schema extends z.ZodType>(
  schema: Schema,
  description: string,
  example: string,
): Setting<Schema> {
  return { schema, description, example, secret: true };
}
