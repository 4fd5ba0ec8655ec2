import { Operator, type SearchRequest } from "@medplum/core";
import type { Coding, Identifier, Resource } from "@medplum/fhirtypes";

/** Finds resources by an identifier or a tag without looking at every one: each conditional write asks for one. */
export class TokenIndex {
  /** "Type/id" of those that had the token in some version. */
  readonly #keys = new Map<string, Set<string>>();

  add(resource: Resource & { id: string }): void {
    for (const token of tokensOf(resource)) {
      const key = `${resource.resourceType} ${token}`;
      const known = this.#keys.get(key);
      if (known) known.add(resource.id);
      else this.#keys.set(key, new Set([resource.id]));
    }
  }

  /** Ids of those that may match, more than do; undefined for a search that is of another kind. */
  candidates({ resourceType, types, filters }: SearchRequest): string[] | undefined {
    const [filter, ...others] = filters ?? [];
    if (filter === undefined || others.length > 0 || types !== undefined) return undefined;
    const { code, operator, value } = filter;
    if (code !== "identifier" && code !== "_tag") return undefined;
    if (operator !== Operator.EQUALS || !/^[^|,\\]+\|[^|,\\]+$/.test(value)) return undefined;
    return [...(this.#keys.get(`${resourceType} ${code}=${value}`) ?? [])];
  }
}

/** Tokens as a search writes them (https://hl7.org/fhir/R4/search.html#token). */
export function tokensOf(resource: Resource): string[] {
  const { identifier } = resource as { identifier?: Identifier | Identifier[] };
  const identifiers = identifier === undefined ? [] : [identifier].flat();
  const tags: Coding[] = resource.meta?.tag ?? [];
  return [
    ...identifiers.map(({ system, value }) => `identifier=${system ?? ""}|${value ?? ""}`),
    ...tags.map(({ system, code }) => `_tag=${system ?? ""}|${code ?? ""}`),
  ];
}
