import type { PatientIdentity } from "../dicom/patient-key.js";
import { labelsSchema } from "./account-access.js";
import type { IdentityProvider } from "./identity-provider.js";
import { permissionsOf, type Permission, type UserRole } from "./permissions.js";
import { EVERY_LABEL, type Identity } from "./principal.js";

/** `sub` has at most 255 ASCII characters (OpenID Connect Core 2). */
const SUBJECT = /^[\x21-\x7e]{1,255}$/;

/** What a token for one patient is good for: their images and what is made of them, nothing that leads to others. */
const FOR_ONE_PATIENT: ReadonlySet<Permission> = new Set([
  "view",
  "download",
  "annotate",
  "review",
  "run-model",
]);

/** Who the claims of an external, verified token speak of; undefined when they cannot be read. */
export function externalIdentity(
  provider: IdentityProvider,
  claims: Readonly<Record<string, unknown>>,
): Omit<Identity, "grants"> | undefined {
  const { sub } = claims;
  if (typeof sub !== "string" || !SUBJECT.test(sub)) return undefined;
  const role = roleOf(provider, claims);
  const name = at(claims, provider.nameClaim);
  const permissions = role === null ? [] : permissionsOf(role);
  return {
    subject: `oidc:${provider.issuer}#${sub}`,
    kind: "oidc",
    displayName: (typeof name === "string" ? name : sub).slice(0, 255),
    role,
    permissions: provider.onePatient
      ? permissions.filter((permission) => FOR_ONE_PATIENT.has(permission))
      : permissions,
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
  const claimed = at(claims, provider.patientClaim);
  const patientId = typeof claimed === "string" ? claimed : "";
  if (patientId === "" && !provider.onePatient) return null;
  return { patientId, issuerOfPatientId: provider.issuerOfPatientId };
}

function roleOf(provider: IdentityProvider, claims: Readonly<Record<string, unknown>>): UserRole | null {
  const said = texts(at(claims, provider.roleClaim));
  for (const [value, role] of Object.entries(provider.roles)) if (said.includes(value)) return role;
  return null;
}

/** One label that cannot be read makes all of them void: nobody reaches more by a typing error. */
function labelsOf(provider: IdentityProvider, claims: Readonly<Record<string, unknown>>): readonly string[] {
  if (provider.labelsClaim === undefined) return provider.labels;
  const labels = labelsSchema.safeParse(texts(at(claims, provider.labelsClaim)));
  return labels.success ? labels.data : [];
}

function at(claims: unknown, path: readonly string[] | undefined): unknown {
  if (path === undefined) return undefined;
  return path.reduce<unknown>(
    (value, name) =>
      typeof value === "object" && value !== null && Object.hasOwn(value, name)
        ? (value as Record<string, unknown>)[name]
        : undefined,
    claims,
  );
}

function texts(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}
