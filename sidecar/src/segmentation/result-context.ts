import type { DataSet } from "../dicom/data-set.js";
import { TAG, type Tag } from "../dicom/tag.js";
import { derivedUid, type Uid } from "../dicom/uid.js";
import { DCM, codeItem } from "./coded-concept.js";
import type { DicomObject } from "./part10-file.js";

/** The algorithm that made a result. */
export interface Algorithm {
  readonly name: string;
  readonly version: string;
  readonly title: string;
  /** Who made it. */
  readonly source: string;
  /** "Demonstration, not for clinical use": written wherever a person sees the result. */
  readonly notice: string;
  /** Names the exact files of the model. */
  readonly digest: string;
}

/** An instance as results refer to it, or one of its frames. */
export interface InstanceReference {
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
  /** From 1; undefined for an image of a single frame (PS3.3 table 10-3: required when there are several). */
  readonly frameNumber?: number | undefined;
}

/** A result as it is stored. */
export interface WrittenInstance {
  readonly seriesInstanceUid: Uid;
  readonly sopInstanceUid: Uid;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

const PRODUCT = "NeuroNova";
export const MANUFACTURER = "NeuroNova";
const SOFTWARE_VERSION = "0.1.0";

/**
 * Patient and Study attributes of a result (PS3.3 C.7.1.1, C.7.2.1, C.7.2.2), verbatim from one of its images, so that
 * it lands in the same study. Absent ones stay empty: nothing is invented.
 */
export function patientAndStudy(image: DataSet): DicomObject {
  const text = (tag: Tag): string | null => image.text(tag) ?? null;
  return {
    SpecificCharacterSet: "ISO_IR 192",
    PatientName: text(TAG.PatientName),
    PatientID: text(TAG.PatientID),
    IssuerOfPatientID: image.text(TAG.IssuerOfPatientID),
    PatientBirthDate: text(TAG.PatientBirthDate),
    PatientSex: text(TAG.PatientSex),
    PatientAge: image.text(TAG.PatientAge),
    PatientWeight: image.text(TAG.PatientWeight),
    StudyInstanceUID: text(TAG.StudyInstanceUID),
    StudyDate: text(TAG.StudyDate),
    StudyTime: text(TAG.StudyTime),
    StudyID: text(TAG.StudyID),
    AccessionNumber: text(TAG.AccessionNumber),
    ReferringPhysicianName: text(TAG.ReferringPhysicianName),
    StudyDescription: image.text(TAG.StudyDescription),
    TimezoneOffsetFromUTC: image.text(TAG.TimezoneOffsetFromUTC),
  };
}

/** The device that a result came from changes with the model's files (IHE AI Results, Contributing Equipment). */
export function deviceUid(algorithm: Algorithm): Uid {
  return derivedUid("neuronova device", algorithm.name, algorithm.version, algorithm.digest);
}

/** General and Enhanced General Equipment (PS3.3 C.7.5.1, C.7.5.2). */
export function equipment(algorithm: Algorithm): DicomObject {
  return {
    Manufacturer: MANUFACTURER,
    ManufacturerModelName: PRODUCT,
    SoftwareVersions: [SOFTWARE_VERSION, `${algorithm.name} ${algorithm.version}`],
    DeviceSerialNumber: algorithm.digest.slice(0, 16),
    DeviceUID: deviceUid(algorithm),
  };
}

/**
 * The algorithm as Contributing Equipment (PS3.3 C.12.1). A SEG has the Device UID in General Equipment alone: readers
 * that check against an earlier edition know it there.
 */
export function contributingEquipment(algorithm: Algorithm): DicomObject[] {
  return [
    {
      PurposeOfReferenceCodeSequence: [codeItem(DCM.processingEquipment)],
      Manufacturer: algorithm.source,
      ManufacturerModelName: algorithm.title,
      SoftwareVersions: algorithm.version,
      DeviceSerialNumber: algorithm.digest.slice(0, 16),
      ContributionDescription: algorithm.notice,
    },
  ];
}

/**
 * Date and time of a result in the images' own time zone when they name one (Timezone Offset From UTC covers the whole
 * data set), in this computer's otherwise, as every local time in DICOM.
 */
export function localDateTime(at: Date, image: DataSet): { date: string; time: string } {
  const [, sign, hours, minutes] =
    /^([+-])(\d\d)(\d\d)$/.exec(image.text(TAG.TimezoneOffsetFromUTC) ?? "") ?? [];
  const offsetMinutes =
    sign === undefined
      ? -at.getTimezoneOffset()
      : (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
  const digits = new Date(at.getTime() + offsetMinutes * 60_000).toISOString().replace(/[-:TZ.]/g, "");
  return { date: digits.slice(0, 8), time: digits.slice(8, 14) };
}

/** References grouped by series (Common Instance Reference, PS3.3 C.12.2): each instance once, whichever its frames. */
export function referencedSeries(
  seriesInstanceUid: string,
  references: readonly InstanceReference[],
): DicomObject {
  return {
    SeriesInstanceUID: seriesInstanceUid,
    ReferencedInstanceSequence: instancesOf(references).map(({ sopClassUid, sopInstanceUid }) =>
      instanceReference({ sopClassUid, sopInstanceUid }),
    ),
  };
}

/** The instances that are referred to, each once, with the numbers of the frames that are; none of a single frame. */
export function instancesOf(
  references: readonly InstanceReference[],
): { sopClassUid: string; sopInstanceUid: string; frameNumbers: number[] }[] {
  const instances = new Map<
    string,
    { sopClassUid: string; sopInstanceUid: string; frameNumbers: number[] }
  >();
  for (const { sopClassUid, sopInstanceUid, frameNumber } of references) {
    const known = instances.get(sopInstanceUid) ?? { sopClassUid, sopInstanceUid, frameNumbers: [] };
    if (frameNumber !== undefined) known.frameNumbers.push(frameNumber);
    instances.set(sopInstanceUid, known);
  }
  return [...instances.values()];
}

/** An Image SOP Instance Reference (PS3.3 table 10-3). */
export function instanceReference({
  sopClassUid,
  sopInstanceUid,
  frameNumber,
}: InstanceReference): DicomObject {
  return {
    ReferencedSOPClassUID: sopClassUid,
    ReferencedSOPInstanceUID: sopInstanceUid,
    ReferencedFrameNumber: frameNumber,
  };
}
