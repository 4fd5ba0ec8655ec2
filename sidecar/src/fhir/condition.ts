import type { Condition } from "fhir/r4.js";
import type { ConditionRow } from "../emr/records.js";
import { boundConcept, conceptOf, noteOf, recordIdentifier } from "./concept.js";
import { link, type RecordReferences } from "./references.js";
import { SYSTEM } from "./system.js";

/** A problem or diagnosis, from the EMR's `condition`. */
export function conditionOf(row: ConditionRow, to: RecordReferences): Condition {
  return {
    resourceType: "Condition",
    // condition.id
    identifier: [recordIdentifier(row.id)],
    // condition.clinicalStatus; not together with entered-in-error (FHIR R4, invariant con-5)
    ...(row.verificationStatus === "entered-in-error"
      ? {}
      : { clinicalStatus: boundConcept(SYSTEM.conditionClinical, row.clinicalStatus) }),
    // condition.verificationStatus
    verificationStatus: boundConcept(SYSTEM.conditionVerification, row.verificationStatus),
    // condition.category
    category: [boundConcept(SYSTEM.conditionCategory, row.category)],
    // condition.severity
    ...(row.severity === null ? {} : { severity: conceptOf([row.severity]) }),
    // condition.codes: ICD-10, KCD, SNOMED CT, as given
    code: conceptOf(row.codes),
    // condition.bodySite
    ...(row.bodySite === null ? {} : { bodySite: [conceptOf([row.bodySite])] }),
    // condition.patientId
    subject: { reference: to.patient },
    // condition.encounterId
    ...link("encounter", to.encounter),
    // condition.onsetDate, abatementDate
    ...(row.onsetDate === null ? {} : { onsetDateTime: row.onsetDate }),
    ...(row.abatementDate === null ? {} : { abatementDateTime: row.abatementDate }),
    // condition.createdAt
    recordedDate: row.createdAt.toISOString(),
    // condition.createdBy
    ...link("recorder", to.author),
    // condition.note
    ...noteOf(row.note),
  };
}
