import type { ImagingStudy, ImagingStudySeries } from "fhir/r4.js";
import type { StudyRecord } from "../state/records.js";
import type { SeriesDetails } from "../state/state.js";
import { fhirDate } from "./date.js";
import { SYSTEM } from "./system.js";

/** What an ImagingStudy points to: literal references, or `urn:uuid:` within a bundle. */
export interface ImagingStudyReferences {
  readonly patient: string;
  /** Where the images are retrieved; undefined when this site has no public address. */
  readonly endpoint?: string | undefined;
  /** The radiology orders it answers, by Accession Number. */
  readonly orders: readonly string[];
}

/** A study with its series and instances as they are in the archive now; the images' own attributes. */
export function imagingStudyOf(
  study: StudyRecord,
  series: readonly SeriesDetails[],
  to: ImagingStudyReferences,
): ImagingStudy {
  const held = series.filter(({ instances }) => instances.length > 0);
  // The time of day has no zone in DICOM, and FHIR asks for one: the date alone is what is known.
  const started = fhirDate(study.studyDate);
  const modalities = [...new Set(held.map(({ modality }) => modality).filter((modality) => modality !== ""))];
  return {
    resourceType: "ImagingStudy",
    identifier: [
      // Study Instance UID (0020,000D)
      { system: SYSTEM.dicomUid, value: `urn:oid:${study.studyInstanceUid}` },
      // What it is found again by: two patients may share a Study Instance UID.
      { system: SYSTEM.study, value: study.orthancId },
      ...(study.accessionNumber === ""
        ? []
        : [
            // Accession Number (0008,0050)
            {
              type: { coding: [{ system: SYSTEM.identifierType, code: "ACSN" }] },
              system: SYSTEM.accession,
              value: study.accessionNumber,
            },
          ]),
    ],
    // in the archive; one that is not any more is `cancelled`: withdraw.ts
    status: "available",
    // Modality (0008,0060) of each series
    ...(modalities.length === 0
      ? {}
      : { modality: modalities.map((code) => ({ system: SYSTEM.dcm, code })) }),
    subject: { reference: to.patient },
    // Study Date (0008,0020)
    ...(started === undefined ? {} : { started }),
    ...(to.orders.length === 0 ? {} : { basedOn: to.orders.map((reference) => ({ reference })) }),
    ...(to.endpoint === undefined ? {} : { endpoint: [{ reference: to.endpoint }] }),
    // what the archive holds
    numberOfSeries: held.length,
    numberOfInstances: held.reduce((sum, { instances }) => sum + instances.length, 0),
    // Study Description (0008,1030)
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
    // Series Instance UID (0020,000E)
    uid: seriesInstanceUid,
    // Series Number (0020,0011)
    ...(seriesNumber === null || seriesNumber < 0 ? {} : { number: seriesNumber }),
    // Modality (0008,0060), which FHIR requires
    modality: { system: SYSTEM.dcm, code: modality === "" ? "OT" : modality },
    // Series Description (0008,103E)
    ...(seriesDescription === "" ? {} : { description: seriesDescription }),
    numberOfInstances: instances.length,
    // SOP Instance UID (0008,0018), SOP Class UID (0008,0016), Instance Number (0020,0013)
    instance: instances.map(({ sopInstanceUid, sopClassUid, instanceNumber }) => ({
      uid: sopInstanceUid,
      sopClass: { system: "urn:ietf:rfc:3986", code: `urn:oid:${sopClassUid}` },
      ...(instanceNumber === null || instanceNumber < 0 ? {} : { number: instanceNumber }),
    })),
  };
}
