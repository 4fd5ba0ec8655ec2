import type { Practitioner } from "fhir/r4.js";
import type { Actor } from "../emr/records.js";
import { SYSTEM } from "./system.js";

/** Who acted, as the token said: neither a qualification nor a licence is known here, and none is made up. */
export function practitionerOf({ subject, display }: Actor): Practitioner {
  return {
    resourceType: "Practitioner",
    // the token's `sub`, as in the audit trail
    identifier: [{ system: SYSTEM.subject, value: subject }],
    // the token's name; in one piece, since its parts are not known
    ...(display === "" ? {} : { name: [{ text: display }] }),
  };
}
