/** Naming systems and code systems used in what is written to FHIR. */
export const SYSTEM = {
  /** DICOM UIDs, as `urn:oid:…` values (FHIR R4, ImagingStudy notes). */
  dicomUid: "urn:dicom:uid",
  patientId: "urn:neuronova:patient-id",
  /** Issuer and Patient ID, hashed: the identity by which a Patient is found again. */
  patientKey: "urn:neuronova:patient-key",
  /** The archive's identity of a study: Patient ID and Study Instance UID, hashed. */
  study: "urn:neuronova:study",
  accession: "urn:neuronova:accession-number",
  analysis: "urn:neuronova:analysis",
  /** The analysis by its number here: by it, what is left of one that has been withdrawn is found. */
  analysisNumber: "urn:neuronova:analysis-number",
  /** A record of the EMR, by its UUID. */
  record: "urn:neuronova:record",
  prescription: "urn:neuronova:prescription",
  /** Name and version of a model. */
  model: "urn:neuronova:model",
  endpoint: "urn:neuronova:endpoint",
  /** Concepts that no standard has a code for; 99NEURONOVA in DICOM. */
  concept: "urn:neuronova:concept",
  /** The hash that chains an audit row: one AuditEvent each. */
  auditHash: "urn:neuronova:audit-hash",
  auditTarget: "urn:neuronova:audit-target",
  subject: "urn:neuronova:subject",
  role: "urn:neuronova:role",
  token: "urn:neuronova:token",
  actReason: "http://terminology.hl7.org/CodeSystem/v3-ActReason",
  dcm: "http://dicom.nema.org/resources/ontology/DCM",
  snomed: "http://snomed.info/sct",
  loinc: "http://loinc.org",
  radlex: "http://radlex.org",
  ucum: "http://unitsofmeasure.org",
  identifierType: "http://terminology.hl7.org/CodeSystem/v2-0203",
  diagnosticServiceSection: "http://terminology.hl7.org/CodeSystem/v2-0074",
  conditionClinical: "http://terminology.hl7.org/CodeSystem/condition-clinical",
  conditionVerification: "http://terminology.hl7.org/CodeSystem/condition-ver-status",
  conditionCategory: "http://terminology.hl7.org/CodeSystem/condition-category",
  endpointConnection: "http://terminology.hl7.org/CodeSystem/endpoint-connection-type",
  observationCategory: "http://terminology.hl7.org/CodeSystem/observation-category",
  nameRepresentation: "http://hl7.org/fhir/StructureDefinition/iso21090-EN-representation",
} as const;

/** Said wherever a result of a demonstration model shows. */
export const DEMONSTRATION_NOTICE = "Demonstration, not for clinical use.";
