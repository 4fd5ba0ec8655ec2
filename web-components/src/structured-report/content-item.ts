import { itemsOf, numbersOf, textOf, type DicomJson } from "../imaging/dicom-json.js";

/** A coded concept (PS3.3 8.8), as far as it is written. */
export interface Concept {
  readonly value: string;
  readonly scheme: string;
  readonly meaning: string;
}

/** An instance that a report refers to, or a part of it (PS3.3 C.18.4). */
export interface InstanceReference {
  readonly sopInstanceUid: string;
  /** From 1; empty is all of it. */
  readonly frameNumbers: readonly number[];
  readonly segmentNumbers: readonly number[];
}

/** A content item with its children (PS3.3 C.17.3). */
export interface ContentItem {
  /** Of its parent to it; empty at the root. */
  readonly relationship: string;
  readonly valueType: string;
  readonly name: Concept | undefined;
  /** What it says as text: of a code its meaning; undefined of containers, numbers and references. */
  readonly text: string | undefined;
  readonly code: Concept | undefined;
  readonly attributes: DicomJson;
  readonly references: readonly InstanceReference[];
  /** By-reference children have been put in their place. */
  readonly children: readonly ContentItem[];
}

/** A report that cannot be read, with the reason. */
export class ReportUnreadable extends Error {
  override readonly name = "ReportUnreadable";
  constructor(readonly reason: "not-a-report" | "too-deep" | "too-large") {
    super(reason);
  }
}

const DEEPEST = 64;
const MOST_ITEMS = 50_000;

/**
 * Reads the content of a Structured Report from its DICOM JSON.
 * @throws ReportUnreadable where there is no tree of content, or none of a sane size
 */
export function readContent(report: DicomJson): ContentItem {
  if (textOf(report, "0040A040") !== "CONTAINER") throw new ReportUnreadable("not-a-report");
  let items = 0;
  const read = (attributes: DicomJson, depth: number): ContentItem => {
    if (depth > DEEPEST) throw new ReportUnreadable("too-deep");
    if (++items > MOST_ITEMS) throw new ReportUnreadable("too-large");
    const children = itemsOf(attributes, "0040A730").map((child) => {
      const target = referredTo(child, report);
      // A relationship by reference (PS3.3 C.17.3.2.5): the item itself, without what lies below it, so that no circle ends up in the tree.
      return target === undefined
        ? read(child, depth + 1)
        : itemOf({ ...target, "0040A010": child["0040A010"] }, []);
    });
    return itemOf(attributes, children);
  };
  return read(report, 0);
}

function itemOf(attributes: DicomJson, children: readonly ContentItem[]): ContentItem {
  const valueType = textOf(attributes, "0040A040") ?? "";
  const code = conceptOf(attributes, "0040A168");
  return {
    relationship: textOf(attributes, "0040A010") ?? "",
    valueType,
    name: conceptOf(attributes, "0040A043"),
    text: valueType === "CODE" ? code?.meaning : textIn(attributes),
    code,
    attributes,
    references: referencesOf(attributes),
    children,
  };
}

/** The first item of a code sequence; undefined where it says nothing. */
export function conceptOf(attributes: DicomJson, tag: string): Concept | undefined {
  const [item] = itemsOf(attributes, tag);
  if (item === undefined) return undefined;
  const value = textOf(item, "00080100") ?? textOf(item, "00080119") ?? textOf(item, "00080120") ?? "";
  const meaning = textOf(item, "00080104") ?? "";
  if (value === "" && meaning === "") return undefined;
  return { value, scheme: textOf(item, "00080102") ?? "", meaning: meaning === "" ? value : meaning };
}

/** Text Value, DateTime, Date, Time, Person Name, UID. */
function textIn(attributes: DicomJson): string | undefined {
  for (const tag of ["0040A160", "0040A120", "0040A121", "0040A122", "0040A123", "0040A124"]) {
    const found = textOf(attributes, tag);
    if (found !== undefined) return found;
  }
  return undefined;
}

function referencesOf(attributes: DicomJson): InstanceReference[] {
  return itemsOf(attributes, "00081199").flatMap((item) => {
    const sopInstanceUid = textOf(item, "00081155");
    if (sopInstanceUid === undefined) return [];
    return [
      {
        sopInstanceUid,
        frameNumbers: numbersOf(item, "00081160") ?? [],
        segmentNumbers: numbersOf(item, "0062000B") ?? [],
      },
    ];
  });
}

/** The item that a Referenced Content Item Identifier leads to: the place of each ancestor among its siblings, from 1. */
function referredTo(item: DicomJson, report: DicomJson): DicomJson | undefined {
  const path = numbersOf(item, "0040DB73");
  if (path === undefined || path.length === 0) return undefined;
  let found: DicomJson | undefined = report;
  for (const place of path.slice(1)) found = found && itemsOf(found, "0040A730")[place - 1];
  return found;
}
