import type { PatientIdentity } from "../dicom/patient-key.js";
import { labelsSchema } from "./account-access.js";
import { claimAt, roleIn, textsIn } from "./claims.js";
import type { IdentityProvider } from "./identity-provider.js";
import { permissionsForOnePatient } from "./one-patient.js";
import { permissionsOf, type UserRole } from "./permissions.js";
import { EVERY_LABEL, type Identity } from "./principal.js";

/** `sub` has at most 255 ASCII characters (OpenID Connect Core 2). */
export const SUBJECT = /^[\x21-\x7e]{1,255}$/;

/** Who the claims of an external, verified token speak of; undefined when they cannot be read. */
export function externalIdentity(
  provider: IdentityProvider,
  claims: Readonly<Record<string, unknown>>,
): Omit<Identity, "grants"> | undefined {
  const { sub } = claims;
  if (typeof sub !== "string" || !SUBJECT.test(sub)) return undefined;
  const role = roleIn(provider.roles, textsIn(claimAt(claims, provider.roleClaim)));
  const name = claimAt(claims, provider.nameClaim);
  return {
    subject: `oidc:${provider.issuer}#${sub}`,
    kind: "oidc",
    displayName: (typeof name === "string" ? name : sub).slice(0, 255),
    role,
    permissions:
      role === null ? [] : provider.onePatient ? permissionsForOnePatient(role) : permissionsOf(role),
    // A patient is held to their own studies, whatever labels those have.
    labels: role === "patient" ? [EVERY_LABEL] : labelsOf(provider, claims),
    patient: patientOf(provider, claims, role),
    studyInstanceUids: null,
  };
}

/** For a token of one patient that names none: an identity without a Patient ID, which reaches nothing. */
function patientOf(
  provider: IdentityProvider,
  claims: Readonly<Record<string, unknown>>,
  role: UserRole | null,
): PatientIdentity | null {
  if (role !== "patient" && !provider.onePatient) return null;
  const claimed = claimAt(claims, provider.patientClaim);
  const patientId = typeof claimed === "string" ? claimed : "";
  if (patientId === "" && !provider.onePatient) return null;
  return { patientId, issuerOfPatientId: provider.issuerOfPatientId };
}

/** One label that cannot be read makes all of them void: nobody reaches more by a typing error. */
function labelsOf(provider: IdentityProvider, claims: Readonly<Record<string, unknown>>): readonly string[] {
  if (provider.labelsClaim === undefined) return provider.labels;
  const labels = labelsSchema.safeParse(textsIn(claimAt(claims, provider.labelsClaim)));
  return labels.success ? labels.data : [];
}
