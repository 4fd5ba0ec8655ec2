import { z } from "zod";
import { isReadableUid } from "./uid.js";

/** A UID that somebody asks about, which is read and never written; the pattern is what a description says of it. */
export const readableUid = z
  .string()
  .refine((text) => isReadableUid(text), { error: "is not a UID" })
  .meta({ maxLength: 64, pattern: "^[0-9]+(\\.[0-9]+)*$" });
