import { z } from "zod";

/** Text of a person: trimmed, one line or several, without control characters that hide something. */
// eslint-disable-next-line no-control-regex -- what is refused
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;
const LINE_BREAK = /[\t\r\n]/;

const clean = (longest: number) =>
  z
    .string()
    .max(longest)
    .refine((text) => !CONTROL.test(text), { error: "has control characters" })
    .transform((text) => text.trim());

/** One line, not empty. */
export const line = (longest: number) =>
  clean(longest)
    .refine((text) => text !== "", { error: "is empty" })
    .refine((text) => !LINE_BREAK.test(text), { error: "has line breaks" });

/** One line that may be empty. */
export const lineOrEmpty = (longest: number) =>
  clean(longest)
    .refine((text) => !LINE_BREAK.test(text), { error: "has line breaks" })
    .default("");

export const note = clean(10_000)
  .refine((text) => text !== "", { error: "is empty" })
  .nullable()
  .default(null);

/** A value of VR SH or LO as it can stand in a data set: no backslash, which separates values (PS3.5 6.2). */
export const dicomLine = (longest: number) =>
  line(longest).refine((text) => !text.includes("\\"), { error: "has a backslash" });

/** YYYY-MM-DD of a day there is. */
export const day = z.iso.date({ error: "is not a date YYYY-MM-DD" });
/** ISO 8601 with an offset: an instant, whatever the clock of the reader. */
export const instant = z.iso.datetime({ offset: true, error: "is not a date and time with an offset" });
/** The institution's own time: what a modality's worklist shows has no offset. */
export const localTime = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$/, { error: "is not YYYY-MM-DDThh:mm:ss" })
  .refine((text) => z.iso.datetime().safeParse(`${text}Z`).success, { error: "is no such time" });

export const id = z.uuid({ error: "is not the id of a record" });

export const coding = z.strictObject({
  system: line(255),
  code: line(128),
  display: lineOrEmpty(1_000),
});

/** One concept in one or more code systems; never the same code twice. */
export const concept = z.array(coding).min(1, { error: "needs a code" }).max(20).refine(areDistinct, {
  error: "has a code twice",
});
export const concepts = z
  .array(coding)
  .max(50)
  .refine(areDistinct, { error: "has a code twice" })
  .default([]);

export const quantity = z.strictObject({
  value: z.number(),
  unit: line(64),
  code: line(64),
});

function areDistinct(codings: readonly { system: string; code: string }[]): boolean {
  return new Set(codings.map(({ system, code }) => `${system}\n${code}`)).size === codings.length;
}
