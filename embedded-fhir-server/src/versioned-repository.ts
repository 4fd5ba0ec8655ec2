import {
  badRequest,
  gone,
  notFound,
  OperationOutcomeError,
  preconditionFailed,
  validateResource,
} from "@medplum/core";
import {
  MemoryRepository,
  type CreateResourceOptions,
  type UpdateResourceOptions,
} from "@medplum/fhir-router";
import type { Bundle, Resource } from "@medplum/fhirtypes";
import type { WithId } from "@medplum/core";
import { requireKnownSearchParameters } from "./search-parameters.js";
import { isDeepStrictEqual } from "node:util";
import type { Change } from "./journal.js";
import { TokenIndex, tokensOf } from "./token-index.js";

type SearchRequest<T extends Resource> = Parameters<MemoryRepository["search"]>[0] & {
  resourceType: T["resourceType"];
};

/** How many superseded versions of a resource a compaction leaves. */
const KEPT_VERSIONS = 10;

/**
 * Medplum's memory repository, made strict: every version is validated, ids and versions are the
 * server's, transactions roll back, deleted resources are gone (410), and the changes since the last
 * commit can be taken for the journal or undone.
 *
 * Not for concurrent writers: the caller lets one request write at a time.
 */
export class VersionedRepository extends MemoryRepository {
  /** All versions by "Type/id", oldest first. */
  readonly #versions = new Map<string, Change[]>();
  readonly #tokens = new TokenIndex();
  #uncommitted: Change[] = [];

  override async createResource<T extends Resource>(
    resource: T,
    options?: CreateResourceOptions,
  ): Promise<WithId<T>> {
    const created = structuredClone(resource);
    // "The server SHALL ignore the id" (https://hl7.org/fhir/R4/http.html#create), but a bundle's is ours.
    if (options?.assignedId !== true) delete created.id;
    return this.#store(created);
  }

  override async updateResource<T extends Resource>(
    resource: T,
    options?: UpdateResourceOptions,
  ): Promise<WithId<T>> {
    if (resource.id === undefined)
      throw new OperationOutcomeError(badRequest("Missing id", `${resource.resourceType}.id`));
    if (options?.ifMatch !== undefined) {
      const current = await this.readResource(resource.resourceType, resource.id);
      if (current.meta?.versionId !== options.ifMatch) throw new OperationOutcomeError(preconditionFailed);
    }
    return this.#unchanged(resource) ?? this.#store(structuredClone(resource));
  }

  /** What is written again as it is makes no version (https://hl7.org/fhir/R4/http.html#update leaves it to the server). */
  #unchanged<T extends Resource>(resource: T): WithId<T> | undefined {
    const newest = this.#versions.get(`${resource.resourceType}/${resource.id ?? ""}`)?.at(-1);
    if (newest === undefined || !("resource" in newest)) return undefined;
    if (!isDeepStrictEqual(contentOf(resource), contentOf(newest.resource))) return undefined;
    return structuredClone(newest.resource) as unknown as WithId<T>;
  }

  override async readResource<T extends Resource>(resourceType: string, id: string): Promise<T> {
    const newest = this.#versions.get(`${resourceType}/${id}`)?.at(-1);
    if (newest !== undefined && "deleted" in newest) throw new OperationOutcomeError(gone);
    return super.readResource<T>(resourceType, id);
  }

  override async deleteResource(resourceType: string, id: string): Promise<void> {
    await super.deleteResource(resourceType, id);
    this.#record({
      deleted: { resourceType: resourceType as Resource["resourceType"], id, at: new Date().toISOString() },
    });
  }

  override readHistory<T extends Resource>(resourceType: string, id: string): Promise<Bundle<T>> {
    const versions = this.#versions.get(`${resourceType}/${id}`);
    if (!versions) throw new OperationOutcomeError(notFound);
    return Promise.resolve({
      resourceType: "Bundle",
      type: "history",
      total: versions.length,
      entry: versions
        .toReversed()
        .map((change) =>
          "resource" in change
            ? { resource: structuredClone(change.resource) as unknown as T }
            : { request: { method: "DELETE", url: `${resourceType}/${id}` } },
        ),
    });
  }

  override readVersion<T extends Resource>(resourceType: string, id: string, versionId: string): Promise<T> {
    const found = this.#versions
      .get(`${resourceType}/${id}`)
      ?.find((change) => "resource" in change && change.resource.meta?.versionId === versionId);
    if (found === undefined || !("resource" in found)) throw new OperationOutcomeError(notFound);
    return Promise.resolve(structuredClone(found.resource) as unknown as T);
  }

  override async search<T extends Resource>(searchRequest: SearchRequest<T>): Promise<Bundle<WithId<T>>> {
    requireKnownSearchParameters(searchRequest);
    const candidates = this.#tokens.candidates(searchRequest);
    if (candidates === undefined || searchRequest.sortRules !== undefined)
      return super.search<T>(searchRequest);
    const { resourceType, filters, offset = 0, count = candidates.length } = searchRequest;
    const token = `${filters?.[0]?.code ?? ""}=${filters?.[0]?.value ?? ""}`;
    const found = candidates.flatMap((id) => {
      const newest = this.#versions.get(`${resourceType}/${id}`)?.at(-1);
      return newest !== undefined && "resource" in newest && tokensOf(newest.resource).includes(token)
        ? [newest.resource as unknown as WithId<T>]
        : [];
    });
    const entry = found
      .slice(offset, offset + count)
      .map((resource) => ({ resource: structuredClone(resource) }));
    return {
      resourceType: "Bundle",
      type: "searchset",
      ...(entry.length === 0 ? {} : { entry }),
      total: found.length,
    };
  }

  override async withTransaction<TResult>(
    callback: (client: undefined) => Promise<TResult>,
  ): Promise<TResult> {
    const savepoint = this.#uncommitted.length;
    try {
      return await callback(undefined);
    } catch (error) {
      await this.#undo(savepoint);
      throw error;
    }
  }

  /** @returns whether this is the only version the resource has */
  isFirstVersion(resourceType: string, id: string): boolean {
    return this.#versions.get(`${resourceType}/${id}`)?.length === 1;
  }

  /** The changes no commit has taken yet. */
  get uncommitted(): readonly Change[] {
    return this.#uncommitted;
  }

  commit(): void {
    this.#uncommitted = [];
  }

  rollback(): Promise<void> {
    return this.#undo(0);
  }

  /** Takes in what was committed in an earlier life. */
  async replay(change: Change): Promise<void> {
    if ("resource" in change) await super.createResource(change.resource);
    else await super.deleteResource(change.deleted.resourceType, change.deleted.id);
    this.#remember(change);
  }

  /** What a compacted journal holds: of each resource the newest version and a few before it. */
  *compacted(): Generator<Change> {
    for (const versions of this.#versions.values()) yield* versions.slice(-1 - KEPT_VERSIONS);
  }

  async #store<T extends Resource>(resource: T): Promise<WithId<T>> {
    validateResource(resource);
    if (resource.meta) {
      delete resource.meta.versionId;
      delete resource.meta.lastUpdated;
    }
    const stored = await super.createResource(resource);
    this.#record({
      resource: structuredClone<Resource & { id: string }>(stored),
    });
    return stored;
  }

  #record(change: Change): void {
    this.#uncommitted.push(change);
    this.#remember(change);
  }

  #remember(change: Change): void {
    if ("resource" in change) this.#tokens.add(change.resource);
    const key = keyOf(change);
    const versions = this.#versions.get(key);
    if (versions) versions.push(change);
    else this.#versions.set(key, [change]);
  }

  async #undo(savepoint: number): Promise<void> {
    for (const change of this.#uncommitted.splice(savepoint).reverse()) {
      const key = keyOf(change);
      const versions = this.#versions.get(key) ?? [];
      versions.pop();
      const before = versions.at(-1);
      if (before === undefined) this.#versions.delete(key);
      if (before !== undefined && "resource" in before) await super.createResource(before.resource);
      else if ("resource" in change)
        await super.deleteResource(change.resource.resourceType, change.resource.id);
    }
  }
}

/** A resource without what the server itself gives it. */
function contentOf(resource: Resource): unknown {
  const { meta, ...content } = structuredClone(resource);
  delete meta?.versionId;
  delete meta?.lastUpdated;
  return { ...content, meta: meta ?? {} };
}

function keyOf(change: Change): string {
  const { resourceType, id } = "resource" in change ? change.resource : change.deleted;
  return `${resourceType}/${id}`;
}
