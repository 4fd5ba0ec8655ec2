import { permissionsOf, type Permission, type UserRole } from "./permissions.js";

/** What access for one patient is good for: their images and what is made of them, nothing that leads to others. */
const FOR_ONE_PATIENT: ReadonlySet<Permission> = new Set([
  "view",
  "download",
  "annotate",
  "review",
  "run-model",
]);

/** Of a role's permissions those that somebody has who was let in for one patient alone. */
export function permissionsForOnePatient(role: UserRole): Permission[] {
  return permissionsOf(role).filter((permission) => FOR_ONE_PATIENT.has(permission));
}
