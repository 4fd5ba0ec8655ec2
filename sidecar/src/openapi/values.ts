import { z } from "zod";
import { PERMISSIONS } from "../authorization/permissions.js";

/** Values as answers have them. An instant is UTC. */
export const instant = z.string().meta({ format: "date-time" });
export const uid = z
  .string()
  .max(64)
  .regex(/^[0-9]+(\.[0-9]+)*$/)
  .meta({ id: "Uid", description: "A DICOM UID" });
export const number = z.int().min(1);
export const count = z.int().min(0);
export const recordId = z.string().meta({ format: "uuid" });
export const permissions = z.array(z.enum(PERMISSIONS));
export const patientIdentity = z
  .object({ patientId: z.string(), issuerOfPatientId: z.string() })
  .meta({ id: "PatientIdentity" });
export const codedConcept = z.object({ value: z.string(), scheme: z.string(), meaning: z.string() }).meta({
  id: "CodedConcept",
  description: "Code Value, Coding Scheme Designator and Code Meaning (PS3.3 8.8)",
});
/** Where an object is in the archive. */
export const objectAddress = z
  .object({ seriesInstanceUid: uid, sopInstanceUid: uid })
  .meta({ id: "ObjectAddress" });
