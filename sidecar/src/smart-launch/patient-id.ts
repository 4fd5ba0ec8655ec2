import { z } from "zod";
import type { PatientIdentity } from "../dicom/patient-key.js";
import type { LaunchingEmr } from "./launch-settings.js";
import { launchFault } from "./launch-fault.js";

const patientSchema = z.object({
  resourceType: z.literal("Patient"),
  id: z.string(),
  identifier: z
    .array(
      z.object({
        use: z.string().optional(),
        system: z.string().optional(),
        value: z.string().optional(),
      }),
    )
    .default([]),
});

/**
 * Whose images a Patient resource stands for: by the identifier of the configured system, and by nothing else. One that
 * is not in use any more (`old`) does not count; of two nobody knows which one the images go by.
 *
 * @param id that was asked for
 * @throws ApiError 403 `smart-patient-unknown`
 */
export function patientIdOf(
  resource: unknown,
  id: string,
  { patientIdSystem, issuerOfPatientId }: Pick<LaunchingEmr, "patientIdSystem" | "issuerOfPatientId">,
): PatientIdentity {
  const patient = patientSchema.safeParse(resource);
  if (!patient.success || patient.data.id !== id)
    throw launchFault("smart-patient-unknown", "patient-unreadable");
  const values = patient.data.identifier
    .filter(({ system, use }) => system === patientIdSystem && use !== "old")
    .map(({ value = "" }) => value.trim())
    .filter((value) => value !== "" && value.length <= 1_000);
  const [patientId, ...others] = new Set(values);
  if (patientId === undefined) throw launchFault("smart-patient-unknown", "identifier-missing");
  if (others.length > 0) throw launchFault("smart-patient-unknown", "identifier-ambiguous");
  return { patientId, issuerOfPatientId };
}
