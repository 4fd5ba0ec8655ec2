import { DCM, type CodedConcept } from "../segmentation/coded-concept.js";
import type { DicomObject } from "../segmentation/part10-file.js";
import { MANUFACTURER, deviceUid, type Algorithm } from "../segmentation/result-context.js";
import { code, person, text, uidReference } from "./content-item.js";

const ENGLISH_US: CodedConcept = { value: "en-US", scheme: "RFC5646", meaning: "English (United States)" };
const COUNTRY: CodedConcept = { value: "121046", scheme: "DCM", meaning: "Country of Language" };
const UNITED_STATES: CodedConcept = { value: "US", scheme: "ISO3166_1", meaning: "United States" };

/** TID 1204, Language of Content Item and Descendants. */
export function language(): DicomObject {
  return code("HAS CONCEPT MOD", DCM.languageOfContent, ENGLISH_US, [
    code("HAS CONCEPT MOD", COUNTRY, UNITED_STATES),
  ]);
}

/** TID 1002, Observer Context: a device, the model. */
export function deviceObserver(algorithm: Algorithm): DicomObject[] {
  return [
    code("HAS OBS CONTEXT", DCM.observerType, DCM.device),
    uidReference("HAS OBS CONTEXT", DCM.deviceObserverUid, deviceUid(algorithm)),
    text("HAS OBS CONTEXT", DCM.deviceObserverName, `${algorithm.title} (${algorithm.notice})`),
    text("HAS OBS CONTEXT", DCM.deviceObserverManufacturer, MANUFACTURER),
    text("HAS OBS CONTEXT", DCM.deviceObserverModelName, `${algorithm.name} ${algorithm.version}`),
    text("HAS OBS CONTEXT", DCM.deviceObserverSerialNumber, algorithm.digest.slice(0, 16)),
  ];
}

/** A person who measured, beside the device. */
export interface PersonObserver {
  /** PN (PS3.5 6.2). */
  readonly personName: string;
  readonly organisation: string;
}

/** TID 1003, Person Observer Identifying Attributes. */
export function personObserver({ personName, organisation }: PersonObserver): DicomObject[] {
  return [
    code("HAS OBS CONTEXT", DCM.observerType, DCM.person),
    person("HAS OBS CONTEXT", DCM.personObserverName, personName),
    text("HAS OBS CONTEXT", DCM.personObserverOrganisation, organisation),
  ];
}

export function procedureReported(procedure: CodedConcept): DicomObject {
  return code("HAS CONCEPT MOD", DCM.procedureReported, procedure);
}
