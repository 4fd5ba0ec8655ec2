import { allOk, getResourceTypes, normalizeOperationOutcome, serverError } from "@medplum/core";
import { FhirRouter, type FhirRequest, type FhirResponse, type HttpMethod } from "@medplum/fhir-router";
import type { Bundle, OperationOutcome, Resource } from "@medplum/fhirtypes";
import type { IncomingHttpHeaders } from "node:http";
import { capabilityStatement } from "./capability-statement.js";
import { resolveConditionalUpdates } from "./conditional-updates.js";
import type { Journal } from "./journal.js";
import type { VersionedRepository } from "./versioned-repository.js";
import { WriteTurns } from "./write-turns.js";

/** One call of the FHIR REST API, already parsed. */
export interface FhirCall {
  readonly method: HttpMethod;
  /** Path and query below the base, such as "Patient?name=Hong". */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
  readonly base: string;
}

export interface FhirAnswer {
  readonly outcome: OperationOutcome;
  readonly resource?: Resource;
}

/** The FHIR REST API over the repository: one writer at a time, and nothing is answered before it is on disk. */
export class FhirApi {
  readonly #router = new FhirRouter();
  readonly #turns = new WriteTurns();

  constructor(
    private readonly repository: VersionedRepository,
    private readonly journal: Journal,
  ) {}

  async handle(call: FhirCall): Promise<FhirAnswer> {
    try {
      if (call.method === "GET") return await this.#read(call);
      return await this.#turns.take(() => this.#write(call));
    } catch (error) {
      return { outcome: normalizeOperationOutcome(error) };
    }
  }

  async #read(call: FhirCall): Promise<FhirAnswer> {
    if (call.url === "metadata") {
      return { outcome: allOk, resource: capabilityStatement(getResourceTypes(), call.base) };
    }
    return toAnswer(await this.#router.handleRequest(toRequest(call), this.repository));
  }

  async #write(call: FhirCall): Promise<FhirAnswer> {
    const request = toRequest(call);
    if (isBundle(call.body) && request.url === "") {
      request.body =
        call.body.type === "transaction"
          ? await resolveConditionalUpdates(call.body, this.repository)
          : structuredClone(call.body);
    }
    const [outcome, resource] = await this.#router.handleRequest(request, this.repository);
    const changes = this.repository.uncommitted;
    if (changes.length > 0) {
      try {
        await this.journal.append(changes);
      } catch (error) {
        await this.repository.rollback();
        return { outcome: serverError(error as Error) };
      }
      this.repository.commit();
    }
    return resource === undefined ? { outcome } : { outcome, resource };
  }
}

/** The router wants the address in `url` alone, and takes it apart itself. */
function toRequest({ method, url, headers, body }: FhirCall): FhirRequest {
  return {
    method,
    url: url === "" ? "" : `/${url}`,
    pathname: "",
    body,
    params: {},
    query: {},
    headers,
    // A transaction is one request with many writes: all or nothing.
    config: { transactions: true },
  };
}

function toAnswer([outcome, resource]: FhirResponse): FhirAnswer {
  return resource === undefined ? { outcome } : { outcome, resource };
}

function isBundle(body: unknown): body is Bundle {
  return (body as { resourceType?: unknown } | null)?.resourceType === "Bundle";
}
