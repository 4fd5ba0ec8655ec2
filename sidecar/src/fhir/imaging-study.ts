import type { ImagingStudy, ImagingStudySeries } from "fhir/r4.js";
import type { StudyRecord } from "../state/records.js";
import type { SeriesDetails } from "../state/state.js";
import { fhirDate } from "./date.js";
import { SYSTEM } from "./system.js";

/**
 * A study with its series and instances as they are in the archive now.
 * @param patientReference literal reference or `urn:uuid:` within a bundle
 */
export function imagingStudyOf(
  study: StudyRecord,
  series: readonly SeriesDetails[],
  patientReference: string,
): ImagingStudy {
  const held = series.filter(({ instances }) => instances.length > 0);
  // The time of day has no zone in DICOM, and FHIR asks for one: the date alone is what is known.
  const started = fhirDate(study.studyDate);
  const modalities = [...new Set(held.map(({ modality }) => modality).filter((modality) => modality !== ""))];
  return {
    resourceType: "ImagingStudy",
    identifier: [
      { system: SYSTEM.dicomUid, value: `urn:oid:${study.studyInstanceUid}` },
      // What it is found again by: two patients may share a Study Instance UID.
      { system: SYSTEM.study, value: study.orthancId },
      ...(study.accessionNumber === ""
        ? []
        : [
            {
              type: { coding: [{ system: SYSTEM.identifierType, code: "ACSN" }] },
              system: SYSTEM.accession,
              value: study.accessionNumber,
            },
          ]),
    ],
    status: "available",
    ...(modalities.length === 0
      ? {}
      : { modality: modalities.map((code) => ({ system: SYSTEM.dcm, code })) }),
    subject: { reference: patientReference },
    ...(started === undefined ? {} : { started }),
    numberOfSeries: held.length,
    numberOfInstances: held.reduce((sum, { instances }) => sum + instances.length, 0),
    ...(study.studyDescription === "" ? {} : { description: study.studyDescription }),
    ...(held.length === 0 ? {} : { series: held.map(seriesOf) }),
  };
}

function seriesOf({
  seriesInstanceUid,
  seriesNumber,
  modality,
  seriesDescription,
  instances,
}: SeriesDetails): ImagingStudySeries {
  return {
    uid: seriesInstanceUid,
    ...(seriesNumber === null || seriesNumber < 0 ? {} : { number: seriesNumber }),
    modality: { system: SYSTEM.dcm, code: modality === "" ? "OT" : modality },
    ...(seriesDescription === "" ? {} : { description: seriesDescription }),
    numberOfInstances: instances.length,
    instance: instances.map(({ sopInstanceUid, sopClassUid, instanceNumber }) => ({
      uid: sopInstanceUid,
      sopClass: { system: "urn:ietf:rfc:3986", code: `urn:oid:${sopClassUid}` },
      ...(instanceNumber === null || instanceNumber < 0 ? {} : { number: instanceNumber }),
    })),
  };
}
