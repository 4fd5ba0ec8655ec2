import type { Tag } from "./tag.js";

/**
 * A data set as Orthanc's UTF-8 JSON gives it (`/instances/{id}/tags`): character sets are already resolved,
 * multiple values are joined by a backslash (PS3.5 6.4).
 */
export class DataSet {
  private constructor(private readonly elements: ReadonlyMap<string, OrthancElement>) {}

  /**
   * @param json the body of Orthanc's `/instances/{id}/tags`: `{"0010,0010": {"Name", "Type", "Value"}, …}`
   * @throws TypeError when it is not of that form
   */
  static fromOrthancTags(json: unknown): DataSet {
    if (typeof json !== "object" || json === null || Array.isArray(json)) {
      throw new TypeError("Orthanc's tags are not a JSON object");
    }
    const elements = new Map<string, OrthancElement>();
    for (const [key, element] of Object.entries(json)) {
      elements.set(key.replace(",", "").toUpperCase(), element as OrthancElement);
    }
    return new DataSet(elements);
  }

  has(tag: Tag): boolean {
    return this.elements.has(tag);
  }

  /** The whole value, backslashes and all: for text of value multiplicity 1. Empty values are undefined. */
  text(tag: Tag): string | undefined {
    const element = this.elements.get(tag);
    if (element?.Type !== "String" || typeof element.Value !== "string") return undefined;
    // eslint-disable-next-line no-control-regex -- UI values are padded with NUL (PS3.5 9.1)
    const text = element.Value.replace(/[\u0000 ]+$/, "").replace(/^ +/, "");
    return text === "" ? undefined : text;
  }

  /** Every value of a multi-valued attribute, trimmed; an absent or empty attribute gives []. */
  strings(tag: Tag): string[] {
    return (
      this.text(tag)
        ?.split("\\")
        .map((value) => value.trim()) ?? []
    );
  }

  /** The first value. */
  string(tag: Tag): string | undefined {
    const first = this.strings(tag)[0];
    return first === "" ? undefined : first;
  }

  /** Every value as a finite number; undefined when one of them is not a number (never guessed). */
  numbers(tag: Tag): number[] | undefined {
    const values = this.strings(tag);
    if (values.length === 0) return undefined;
    const numbers = values.map((value) => (value === "" ? Number.NaN : Number(value)));
    return numbers.every(Number.isFinite) ? numbers : undefined;
  }

  /** The first value as a finite number. */
  number(tag: Tag): number | undefined {
    return this.numbers(tag)?.[0];
  }

  /** The items of a sequence. */
  items(tag: Tag): DataSet[] {
    const element = this.elements.get(tag);
    if (element?.Type !== "Sequence" || !Array.isArray(element.Value)) return [];
    return element.Value.map((item) => DataSet.fromOrthancTags(item));
  }
}

interface OrthancElement {
  readonly Name?: string;
  readonly Type: "String" | "Sequence" | "Null" | "TooLong" | "Binary";
  readonly Value: unknown;
}
