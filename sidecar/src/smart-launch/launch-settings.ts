import { z } from "zod";
import { labelsSchema, roleSchema } from "../authorization/account-access.js";
import {
  ASYMMETRIC_ALGORITHMS,
  claimPathSchema,
  trustedUrlSchema,
} from "../authorization/identity-provider.js";
import { EVERY_LABEL } from "../authorization/principal.js";
import { clientJwkSchema } from "../fhir/client-key.js";

/** One EMR whose launches are taken, and what its people and patients are here (docs/smart-launch.md). */
export const launchingEmrSchema = z
  .strictObject({
    /** Base of its FHIR API: what it sends as `iss`. A slash at the end counts for nothing. */
    iss: trustedUrlSchema.transform((address) => address.replace(/\/+$/, "")),
    clientId: z.string().min(1),
    /** For a confidential client: HTTP Basic at the token endpoint. */
    clientSecret: z.string().min(1).optional(),
    /** Or a private key, for `private_key_jwt`. */
    clientKey: clientJwkSchema.optional(),
    scope: z.string().min(1).default("openid fhirUser launch patient/Patient.read"),
    /** `iss` of its ID tokens, where its smart-configuration doesn't say it. */
    issuer: trustedUrlSchema.optional(),
    /** The keys of its ID tokens, where neither its smart-configuration nor that issuer says where they are. */
    jwksUri: trustedUrlSchema.optional(),
    algorithms: z.array(z.enum(ASYMMETRIC_ALGORITHMS)).min(1).default(["RS256"]),
    /** Where the ID token has the role; left out, the kind of resource that `fhirUser` names: Practitioner, Patient, … */
    roleClaim: claimPathSchema.optional(),
    /** What is said there → role here; the first that fits counts. */
    roles: z.record(z.string(), roleSchema),
    nameClaim: claimPathSchema.default(["name"]),
    /** Of the identifiers of a Patient the one that images carry as Patient ID, by its `system`. */
    patientIdSystem: z.string().min(1),
    /** Issuer of that Patient ID, as the images have it (0010,0021). */
    issuerOfPatientId: z.string().max(1_000).default(""),
    /** Labels of the studies that launched people may reach, of that patient. */
    labels: labelsSchema.default([EVERY_LABEL]),
    /** How long the session lasts; the EMR is not asked again meanwhile. */
    sessionSeconds: z.number().int().min(60).max(43_200).default(3_600),
  })
  .refine(({ clientSecret, clientKey }) => clientSecret === undefined || clientKey === undefined, {
    error: "clientSecret and clientKey exclude each other",
  });
export type LaunchingEmr = z.output<typeof launchingEmrSchema>;

export const launchingEmrsSchema = z
  .array(launchingEmrSchema)
  .max(50)
  .refine((emrs) => new Set(emrs.map(({ iss }) => iss)).size === emrs.length, {
    error: "an iss is there twice",
  });
