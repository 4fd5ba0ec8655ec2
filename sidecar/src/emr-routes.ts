import type { Express } from "express";
import type { TokenVerifier } from "./authorization/access-token.js";
import { allow } from "./authorization/allow.js";
import type { Connections } from "./connections.js";
import { identityRoutes } from "./emr/identity-routes.js";
import { recordRoutes, type OtherEmr } from "./emr/record-routes.js";
import { RECORD_KINDS } from "./emr/records.js";

/** `/api/emr`: the EMR's records, merges and the identity worklist. */
export function emrRoutes(
  app: Express,
  { emr, emrIdentity, synchronisation }: Connections,
  tokens: TokenVerifier,
  otherEmr: OtherEmr | undefined,
): void {
  app.use("/api/emr", identityRoutes(emr, emrIdentity, tokens));
  for (const kind of RECORD_KINDS)
    app.use(
      `/api/emr/${kind}s`,
      allow(tokens, "emr-view"),
      recordRoutes(kind, emr, synchronisation, otherEmr),
    );
}
