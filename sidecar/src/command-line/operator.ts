import type { Who } from "../audit/access.js";
import { PERMISSIONS } from "../authorization/permissions.js";
import { createPrincipal, type Principal } from "../authorization/principal.js";

const MILLISECONDS = 3_600_000;

/** Whoever has a shell on this machine, with its keys and its database, may do everything. */
export function operatorPrincipal({ subject, displayName }: Who): Principal {
  return createPrincipal(
    {
      subject,
      kind: "client",
      displayName,
      role: null,
      permissions: PERMISSIONS,
      labels: ["*"],
      patient: null,
      studyInstanceUids: null,
      grants: [],
    },
    "",
    new Date(Date.now() + MILLISECONDS),
  );
}
