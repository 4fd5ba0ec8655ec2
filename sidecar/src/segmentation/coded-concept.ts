import type { DicomObject } from "./part10-file.js";

/** A coded concept (PS3.3 8.8): code value, coding scheme designator, code meaning. */
export interface CodedConcept {
  readonly value: string;
  readonly scheme: string;
  readonly meaning: string;
}

/** The item of a code sequence. */
export function codeItem({ value, scheme, meaning }: CodedConcept): DicomObject {
  return { CodeValue: value, CodingSchemeDesignator: scheme, CodeMeaning: meaning };
}

/** For concepts that no standard has: a private one does not pretend to be another (PS3.16 8.2: "99…"). */
export const PRIVATE_SCHEME = "99NEURONOVA";

const dcm = (value: string, meaning: string): CodedConcept => ({ value, scheme: "DCM", meaning });

/** Concepts of PS3.16 annex D that results are written with. */
export const DCM = {
  artificialIntelligence: dcm("123109", "Artificial Intelligence"),
  segmentation: dcm("113076", "Segmentation"),
  sourceImageForProcessing: dcm("121322", "Source image for image processing operation"),
  processingEquipment: dcm("109102", "Processing Equipment"),
  imagingMeasurementReport: dcm("126000", "Imaging Measurement Report"),
  languageOfContent: dcm("121049", "Language of Content Item and Descendants"),
  observerType: dcm("121005", "Observer Type"),
  person: dcm("121006", "Person"),
  personObserverName: dcm("121008", "Person Observer Name"),
  personObserverOrganisation: dcm("121009", "Person Observer's Organization Name"),
  device: dcm("121007", "Device"),
  deviceObserverUid: dcm("121012", "Device Observer UID"),
  deviceObserverName: dcm("121013", "Device Observer Name"),
  deviceObserverManufacturer: dcm("121014", "Device Observer Manufacturer"),
  deviceObserverModelName: dcm("121015", "Device Observer Model Name"),
  deviceObserverSerialNumber: dcm("121016", "Device Observer Serial Number"),
  procedureReported: dcm("121058", "Procedure reported"),
  imageLibrary: dcm("111028", "Image Library"),
  imageLibraryGroup: dcm("126200", "Image Library Group"),
  modality: dcm("121139", "Modality"),
  targetRegion: dcm("123014", "Target Region"),
  imagingMeasurements: dcm("126010", "Imaging Measurements"),
  measurementGroup: dcm("125007", "Measurement Group"),
  trackingIdentifier: dcm("112039", "Tracking Identifier"),
  trackingUniqueIdentifier: dcm("112040", "Tracking Unique Identifier"),
  finding: dcm("121071", "Finding"),
  referencedSegment: dcm("121191", "Referenced Segment"),
  sourceSeriesForSegmentation: dcm("121232", "Source series for segmentation"),
  algorithmName: dcm("111001", "Algorithm Name"),
  algorithmVersion: dcm("111003", "Algorithm Version"),
  visualExplanation: dcm("130401", "Visual explanation"),
  derivation: dcm("121401", "Derivation"),
  attenuationCoefficient: dcm("112031", "Attenuation Coefficient"),
  mrSignalIntensity: dcm("110852", "MR signal intensity"),
  comment: dcm("121106", "Comment"),
} as const satisfies Record<string, CodedConcept>;
