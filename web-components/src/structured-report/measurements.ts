import { itemsOf, textOf } from "../imaging/dicom-json.js";
import { conceptOf, type Concept, type ContentItem, type InstanceReference } from "./content-item.js";

/** Who measured, as far as the report says (TID 1001 to 1004). */
export interface Observer {
  readonly kind: "device" | "person" | undefined;
  readonly name: string | undefined;
}

export interface NamedValue {
  readonly name: string;
  readonly value: string;
}

export interface Measurement {
  /** Empty when the report gives none. */
  readonly name: string;
  /** As it is written; undefined when there is no value. */
  readonly value: string | undefined;
  /** UCUM as a rule. */
  readonly unit: Concept | undefined;
  /** Why there is no value, or what is to be known of it (Numeric Value Qualifier). */
  readonly qualifier: string | undefined;
  /** Method, derivation, site, algorithm and whatever else modifies it, in the report's words. */
  readonly modifiers: readonly NamedValue[];
  readonly references: readonly InstanceReference[];
}

/** Measurements that belong together: a measurement group of TID 1500, a section of other templates. */
export interface MeasurementGroup {
  /** Tracking Identifier, or the name of the section. */
  readonly title: string;
  readonly trackingUid: string | undefined;
  readonly finding: string | undefined;
  readonly site: string | undefined;
  readonly observer: Observer | undefined;
  readonly measurements: readonly Measurement[];
  /** What was said in codes instead of numbers. */
  readonly evaluations: readonly NamedValue[];
  readonly comments: readonly string[];
  readonly references: readonly InstanceReference[];
}

/** Codes by scheme and value; SRT is the older form of SCT (PS3.16 Annex L). */
const TRACKING_IDENTIFIER = ["DCM 112039"];
const TRACKING_UID = ["DCM 112040"];
const FINDING = ["DCM 121071"];
const FINDING_SITE = ["SCT 363698007", "SRT G-C0E3", "SNM3 G-C0E3"];
const COMMENT = ["DCM 121106"];
const OBSERVER_TYPE = ["DCM 121005"];
const PERSON_NAME = ["DCM 121008"];
const DEVICE_NAME = ["DCM 121013", "DCM 121015", "DCM 121012"];
const PERSON = ["DCM 121006"];
const DEVICE = ["DCM 121007"];
const ALGORITHM = ["DCM 111001", "DCM 111003"];

interface Inherited {
  readonly observer: Observer | undefined;
  readonly site: string | undefined;
  readonly finding: string | undefined;
}

/** The measurements of a report, in its order; those of any template, and of none. */
export function measurementGroups(root: ContentItem): MeasurementGroup[] {
  return groupsOf(root, { observer: undefined, site: undefined, finding: undefined });
}

function groupsOf(container: ContentItem, above: Inherited): MeasurementGroup[] {
  const { children } = container;
  const inherited: Inherited = {
    observer: observerOf(children) ?? above.observer,
    site: siteOf(children) ?? above.site,
    finding: textOfFirst(children, FINDING) ?? above.finding,
  };
  const numbers = children.filter(({ valueType }) => valueType === "NUM");
  const tracking = textOfFirst(children, TRACKING_IDENTIFIER);
  const evaluations = evaluationsOf(children);
  const isGroup = numbers.length > 0 || (tracking !== undefined && evaluations.length > 0);
  const group: MeasurementGroup = {
    title: tracking ?? container.name?.meaning ?? "",
    trackingUid: textOfFirst(children, TRACKING_UID),
    ...inherited,
    measurements: numbers.map(measurementOf),
    evaluations,
    comments: children.flatMap((child) => (is(child.name, COMMENT) ? (child.text ?? []) : [])),
    references: referencesIn(children.filter(({ valueType }) => valueType !== "NUM")),
  };
  return [
    ...(isGroup ? [group] : []),
    ...children.filter(({ valueType }) => valueType !== "NUM").flatMap((child) => groupsOf(child, inherited)),
  ];
}

function measurementOf(item: ContentItem): Measurement {
  const [measured] = itemsOf(item.attributes, "0040A300");
  const about = item.children.filter(
    ({ relationship }) =>
      relationship === "HAS CONCEPT MOD" ||
      relationship === "HAS PROPERTIES" ||
      relationship === "HAS OBS CONTEXT",
  );
  const algorithms = item.children.filter(({ name }) => is(name, ALGORITHM));
  return {
    name: item.name?.meaning ?? "",
    value: measured && (textOf(measured, "0040A30A") ?? textOf(measured, "0040A161")),
    unit: measured && conceptOf(measured, "004008EA"),
    qualifier: conceptOf(item.attributes, "0040A301")?.meaning,
    modifiers: [...new Set([...about, ...algorithms])].flatMap(namedValue),
    references: referencesIn(item.children),
  };
}

function namedValue({ name, text }: ContentItem): NamedValue[] {
  return name === undefined || text === undefined ? [] : [{ name: name.meaning, value: text }];
}

/** Codes that are contained, besides those that say what a group is about. */
function evaluationsOf(children: readonly ContentItem[]): NamedValue[] {
  return children
    .filter(
      ({ relationship, valueType, name }) =>
        relationship === "CONTAINS" && valueType === "CODE" && !is(name, [...FINDING, ...FINDING_SITE]),
    )
    .flatMap(namedValue);
}

/** The site with its laterality and whatever else is said of it. */
function siteOf(children: readonly ContentItem[]): string | undefined {
  const site = children.find(({ name }) => is(name, FINDING_SITE));
  if (site?.text === undefined) return undefined;
  return [site.text, ...site.children.flatMap(({ text }) => text ?? [])].join(", ");
}

function observerOf(children: readonly ContentItem[]): Observer | undefined {
  const type = children.find(({ name }) => is(name, OBSERVER_TYPE))?.code;
  const person = textOfFirst(children, PERSON_NAME);
  const device = DEVICE_NAME.map((code) => textOfFirst(children, [code])).find((name) => name !== undefined);
  if (type === undefined && person === undefined && device === undefined) return undefined;
  const both = person !== undefined && device !== undefined;
  const kind = is(type, PERSON) ? "person" : is(type, DEVICE) ? "device" : undefined;
  // A person who corrected what a device measured observed it too (TID 1001 repeats): both are named.
  if (both) return { kind: undefined, name: `${person}, ${device}` };
  return { kind: kind ?? (person === undefined ? "device" : "person"), name: person ?? device };
}

/** What items refer to, themselves or, as coordinates do, by what they were selected from. */
function referencesIn(items: readonly ContentItem[]): InstanceReference[] {
  return items
    .filter(({ valueType }) => valueType !== "CONTAINER")
    .flatMap(({ references, children }) => [...references, ...referencesIn(children)]);
}

function textOfFirst(items: readonly ContentItem[], codes: readonly string[]): string | undefined {
  return items.find(({ name }) => is(name, codes))?.text;
}

function is(concept: Concept | undefined, codes: readonly string[]): boolean {
  return concept !== undefined && codes.includes(`${concept.scheme} ${concept.value}`);
}
