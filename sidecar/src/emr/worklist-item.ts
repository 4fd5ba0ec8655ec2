import { derivedUid } from "../dicom/uid.js";
import type { DicomObject } from "../segmentation/part10-file.js";
import type { ScheduledOrder } from "./emr-store.js";
import { dicomPersonName } from "./person-name.js";
import type { Coding, RadiologyOrder } from "./records.js";

/** Modality Worklist Information Model – FIND (PS3.4 K.6.1.4): what such a file is of. */
const MODALITY_WORKLIST = "1.2.840.10008.5.1.4.31";
/** The coding schemes of PS3.16 section 8 that records name by their URI; of others only the text is told. */
const CODING_SCHEMES: Readonly<Record<string, string>> = {
  "http://snomed.info/sct": "SCT",
  "http://loinc.org": "LN",
  "http://dicom.nema.org/resources/ontology/DCM": "DCM",
  "http://www.radlex.org": "RADLEX",
};
/** Requested Procedure Priority (0040,1003), PS3.3 C.4.11. */
const PRIORITY = { routine: "ROUTINE", urgent: "HIGH", asap: "HIGH", stat: "STAT" } as const;
const SEX = { male: "M", female: "F", other: "O", unknown: null } as const;

/** The UID the modality gives the study of an order. */
export function studyInstanceUidOf(orderId: string): string {
  return derivedUid("neuronova", "study of order", orderId);
}

/** A worklist item (PS3.4 table K.6-1): what it has no value for is empty, never made up. */
export function worklistItemOf({ order, patient }: ScheduledOrder): DicomObject {
  const { accessionNumber, accessionIssuer, scheduledStart, modality, stationAeTitle } = order;
  const [primary] = patient.identifiers;
  if (primary === undefined || scheduledStart === null)
    throw new TypeError("a worklist item needs an identified patient and a time");
  const description = order.codes.find(({ display }) => display !== "")?.display.slice(0, 64) ?? null;
  const code = codeSequence(order);
  return {
    SpecificCharacterSet: "ISO_IR 192",
    SOPClassUID: MODALITY_WORKLIST,
    SOPInstanceUID: derivedUid("neuronova", "worklist item", order.id),
    AccessionNumber: accessionNumber,
    ...(accessionIssuer === null
      ? {}
      : { IssuerOfAccessionNumberSequence: [{ LocalNamespaceEntityID: accessionIssuer }] }),
    ReferringPhysicianName: null,
    ReferencedStudySequence: [],
    ReferencedPatientSequence: [],
    PatientName: dicomPersonName(patient.name),
    PatientID: primary.value,
    IssuerOfPatientID: primary.issuer,
    PatientBirthDate: patient.birthDate?.replaceAll("-", "") ?? null,
    PatientSex: SEX[patient.sex],
    PatientWeight: null,
    MedicalAlerts: null,
    Allergies: null,
    PregnancyStatus: null,
    StudyInstanceUID: studyInstanceUidOf(order.id),
    RequestingPhysician: null,
    RequestedProcedureDescription: description,
    ...code("RequestedProcedureCodeSequence"),
    AdmissionID: null,
    SpecialNeeds: null,
    CurrentPatientLocation: null,
    PatientState: null,
    ConfidentialityConstraintOnPatientDataDescription: null,
    ScheduledProcedureStepSequence: [
      {
        Modality: modality,
        ScheduledStationAETitle: stationAeTitle,
        ScheduledProcedureStepStartDate: scheduledStart.slice(0, 10).replaceAll("-", ""),
        ScheduledProcedureStepStartTime: scheduledStart.slice(11).replaceAll(":", ""),
        ScheduledPerformingPhysicianName: null,
        ScheduledProcedureStepDescription: description,
        ...code("ScheduledProtocolCodeSequence"),
        ScheduledProcedureStepID: accessionNumber,
        ScheduledStationName: null,
        ScheduledProcedureStepLocation: null,
        PreMedication: null,
      },
    ],
    RequestedProcedureID: accessionNumber,
    RequestedProcedurePriority: PRIORITY[order.priority],
    PatientTransportArrangements: null,
  };
}

/** Code Value is an SH: what does not fit is told as text alone. */
function codeSequence({ codes }: RadiologyOrder) {
  const items = codes.flatMap(({ system, code, display }: Coding) => {
    const scheme = CODING_SCHEMES[system];
    return scheme === undefined || code.length > 16 || display === ""
      ? []
      : [{ CodeValue: code, CodingSchemeDesignator: scheme, CodeMeaning: display.slice(0, 64) }];
  });
  return (keyword: string): DicomObject => (items.length === 0 ? {} : { [keyword]: items.slice(0, 1) });
}
