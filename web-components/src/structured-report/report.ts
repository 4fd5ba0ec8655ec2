import { itemsOf, textOf, type DicomJson } from "../imaging/dicom-json.js";
import { ReportUnreadable, readContent } from "./content-item.js";
import { measurementGroups, type MeasurementGroup } from "./measurements.js";

/** A Structured Report and what was measured in it. */
export interface Report {
  readonly sopInstanceUid: string;
  readonly title: string;
  /** Content Date and Time, YYYYMMDD and HHMMSS, as they are written. */
  readonly date: string;
  readonly time: string;
  readonly manufacturer: string;
  /** Verification Flag; undefined where there is none. */
  readonly verification: string | undefined;
  /** Person names (PN). */
  readonly verifiedBy: readonly string[];
  readonly groups: readonly MeasurementGroup[];
  /** Series Instance UID of what it refers to, by SOP Instance UID, where its evidence says so (PS3.3 C.17.2). */
  readonly seriesOf: ReadonlyMap<string, string>;
  /** Why its content cannot be read; the report is there all the same. */
  readonly problem: ReportUnreadable["reason"] | undefined;
}

/** Reads a report from its DICOM JSON. One that cannot be read says so and keeps no other from being shown. */
export function readReport(attributes: DicomJson): Report {
  const about = {
    sopInstanceUid: textOf(attributes, "00080018") ?? "",
    date: textOf(attributes, "00080023") ?? "",
    time: textOf(attributes, "00080033") ?? "",
    manufacturer: textOf(attributes, "00080070") ?? "",
    verification: textOf(attributes, "0040A493"),
    verifiedBy: itemsOf(attributes, "0040A073").flatMap((item) => textOf(item, "0040A075") ?? []),
  };
  try {
    const root = readContent(attributes);
    return {
      ...about,
      title: root.name?.meaning ?? "",
      groups: measurementGroups(root),
      seriesOf: seriesOfEvidence(attributes),
      problem: undefined,
    };
  } catch (error) {
    const problem = error instanceof ReportUnreadable ? error.reason : "not-a-report";
    return { ...about, title: "", groups: [], seriesOf: new Map(), problem };
  }
}

function seriesOfEvidence(attributes: DicomJson): Map<string, string> {
  const found = new Map<string, string>();
  for (const evidence of ["0040A375", "0040A385"])
    for (const study of itemsOf(attributes, evidence))
      for (const series of itemsOf(study, "00081115"))
        for (const instance of itemsOf(series, "00081199")) {
          const [uid, seriesUid] = [textOf(instance, "00081155"), textOf(series, "0020000E")];
          if (uid !== undefined && seriesUid !== undefined) found.set(uid, seriesUid);
        }
  return found;
}
