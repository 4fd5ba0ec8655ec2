import { z } from "zod";
import type { PatientContent } from "../records.js";
import { day, dicomLine, line, lineOrEmpty } from "./text.js";

/** A part of a PN: the delimiters ^, = and \ would make another name of it (PS3.5 6.2.1). */
const namePart = (schema: z.ZodType<string>) =>
  schema.refine((text) => !/[\\^=]/.test(text), { error: "has one of ^ = \\" });

const nameGroup = z
  .strictObject({
    family: namePart(lineOrEmpty(64)).default(""),
    given: namePart(lineOrEmpty(64)).default(""),
  })
  .refine(({ family, given }) => family !== "" || given !== "", { error: "is an empty name" });

const identifier = z.strictObject({
  issuer: dicomLine(64),
  value: dicomLine(64),
});

export const patientContent: z.ZodType<PatientContent> = z.strictObject({
  status: z.enum(["active", "inactive", "entered-in-error"]).default("active"),
  identifiers: z
    .array(identifier)
    .min(1, { error: "a patient needs an identifier with its issuer" })
    .max(20)
    .refine(
      (identifiers) =>
        new Set(identifiers.map(({ issuer, value }) => `${issuer}\n${value}`)).size === identifiers.length,
      { error: "has an identifier twice" },
    ),
  name: z
    .strictObject({
      alphabetic: nameGroup.optional(),
      ideographic: nameGroup.optional(),
      phonetic: nameGroup.optional(),
    })
    .refine((name) => Object.values(name).some((group) => group !== undefined), {
      error: "needs one of alphabetic, ideographic, phonetic",
    }),
  birthDate: day
    .refine((text) => Date.parse(text) <= Date.now() + 86_400_000, { error: "is in the future" })
    .nullable()
    .default(null),
  sex: z.enum(["male", "female", "other", "unknown"]).default("unknown"),
  phone: line(64).nullable().default(null),
  email: z.email().max(254).nullable().default(null),
  address: z
    .strictObject({
      line: lineOrEmpty(255),
      city: lineOrEmpty(128),
      state: lineOrEmpty(128),
      postalCode: lineOrEmpty(32),
      country: z
        .string()
        .regex(/^(?:[A-Z]{2})?$/, { error: "is not two capital letters (ISO 3166-1)" })
        .default(""),
    })
    .nullable()
    .default(null),
});
