import type { EncounterRow } from "../emr/records.js";
import type { EncounterBody } from "./openemr-api.js";

const V3_ACT_CODE = "http://terminology.hl7.org/CodeSystem/v3-ActCode";

/**
 * An encounter of ours as OpenEMR takes it; null: not one for OpenEMR (planned, cancelled, or of a class it has no code
 * for).
 * @param category OpenEMR's pc_catid
 */
export function encounterBody(encounter: EncounterRow, category: string): EncounterBody | null {
  const { status, reasons, types, note } = encounter;
  if (status === "planned" || status === "cancelled" || status === "entered-in-error") return null;
  if (encounter.class.system !== V3_ACT_CODE) return null;
  const stated = [...reasons, ...types].map(({ display }) => display).filter((text) => text !== "");
  return {
    // The local time of the place where it was; OpenEMR keeps no offset.
    date: encounter.startAt.slice(0, 19).replace("T", " "),
    reason: [...stated, ...(note === null ? [] : [note])].join("; "),
    pc_catid: category,
    class_code: encounter.class.code,
    external_id: encounter.id,
  };
}
