import { permissionsForOnePatient } from "../authorization/one-patient.js";
import { EVERY_LABEL, type Identity } from "../authorization/principal.js";
import type { LaunchedSession } from "./launched-session-store.js";

/** Who somebody is in a session that an EMR launched: of their role what is good for one patient, for that one alone. */
export function launchedIdentity({ subject, displayName, role, labels, patient }: LaunchedSession): Identity {
  return {
    subject,
    kind: "oidc",
    displayName,
    role,
    permissions: permissionsForOnePatient(role),
    // A patient is held to their own studies, whatever labels those have.
    labels: role === "patient" ? [EVERY_LABEL] : labels,
    patient,
    studyInstanceUids: null,
    grants: [],
  };
}
