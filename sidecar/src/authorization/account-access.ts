import { z } from "zod";
import { USER_ROLES, type UserRole } from "./permissions.js";
import { EVERY_LABEL } from "./principal.js";

/** Labels as Orthanc takes them (since 1.12): letters, digits, "_" and "-". */
export const labelSchema = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,64}$/, { error: "a label has 1 to 64 letters, digits, - or _" });

/** Labels somebody is restricted to; `*` alone is every study. */
export const labelsSchema = z
  .array(z.union([labelSchema, z.literal(EVERY_LABEL)]))
  .max(100)
  .refine((labels) => !labels.includes(EVERY_LABEL) || labels.length === 1, {
    error: "* stands alone: it is every study",
  });

export const patientSchema = z.object({
  patientId: z.string().min(1, { error: "a Patient ID is not empty" }).max(1_000),
  issuerOfPatientId: z.string().max(1_000).default(""),
});

export const roleSchema = z.enum(USER_ROLES as [UserRole, ...UserRole[]]);

/** Role, labels and patient of an account, which must fit each other. Labels left out: all, for external users none. */
export const accessSchema = z
  .object({
    role: roleSchema,
    labels: labelsSchema.optional(),
    patient: patientSchema.nullish().transform((patient) => patient ?? null),
  })
  .transform(({ role, labels, patient }) => ({
    role,
    labels: labels ?? (role === "external" ? [] : [EVERY_LABEL]),
    patient,
  }))
  .refine(({ role, patient }) => (role === "patient") === (patient !== null), {
    error: "the role patient needs a Patient ID, and no other role has one",
  });
