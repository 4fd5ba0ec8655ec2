import type { Bundle, FhirResource } from "fhir/r4.js";
import { FhirError, type FhirServer } from "../../fhir/fhir-server.js";
import { withinTime } from "../../pipeline/deadline.js";
import { activeTrace, traceHeaders } from "../../tracing/active-trace.js";
import { traced } from "../../tracing/traced.js";
import { NO_TRACER, type Tracer } from "../../tracing/tracer.js";
import { asBundle, asResource } from "./answer-shape.js";
import { NO_AUTHORIZATION } from "./fhir-authorization.js";
import type { FhirAuthorization } from "./presented-authorization.js";
import { refusalOf } from "./fhir-refusal.js";

const MEDIA_TYPE = "application/fhir+json";
const MOST_FOUND = 500;
const PING_MILLISECONDS = 5_000;
/** 404 or 410; JSON's null is an answer of another shape. */
const NOTHING_THERE = Symbol("nothing there");

interface FhirAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** A FHIR R4 server over HTTP. */
export class FhirHttp implements FhirServer {
  constructor(
    private readonly base: string,
    private readonly timeoutMilliseconds: number,
    private readonly authorization: FhirAuthorization = NO_AUTHORIZATION,
    private readonly tracer: Tracer = NO_TRACER,
  ) {}

  async transaction(bundle: Bundle, signal?: AbortSignal): Promise<Bundle> {
    return asBundle(await this.send("POST", "", bundle, signal));
  }

  async read(resourceType: string, id: string): Promise<FhirResource | null> {
    const found = await this.send("GET", `/${resourceType}/${encodeURIComponent(id)}`);
    return found === NOTHING_THERE ? null : asResource(found);
  }

  async search(resourceType: string, parameters: Readonly<Record<string, string>>): Promise<FhirResource[]> {
    const query = new URLSearchParams({ ...parameters, _count: String(MOST_FOUND) });
    const found = await this.send("GET", `/${resourceType}?${query.toString()}`);
    if (found === NOTHING_THERE) return [];
    return (asBundle(found).entry ?? []).flatMap(({ resource }) =>
      resource === undefined ? [] : [resource],
    );
  }

  async ping(): Promise<void> {
    await this.send("GET", "/metadata", undefined, AbortSignal.timeout(PING_MILLISECONDS));
  }

  private async send(
    method: "GET" | "POST",
    path: string,
    body?: object,
    signal?: AbortSignal,
  ): Promise<unknown> {
    const authorization = await this.authorization.header();
    let answer = await this.tracedExchange(method, path, body, signal, authorization);
    // A token can end before its time: once, another is asked for.
    if (answer.status === 401 && this.authorization.refused(authorization))
      answer = await this.tracedExchange(method, path, body, signal, await this.authorization.header());
    const { status, headers, text } = answer;
    if (status >= 200 && status < 300) return parsed(text);
    if (method === "GET" && (status === 404 || status === 410)) return NOTHING_THERE;
    throw refusalOf(status, headers, text);
  }

  /** Of the trace that it is asked for; looking whether the server is there is of none. */
  private async tracedExchange(...request: Parameters<FhirHttp["exchange"]>): Promise<FhirAnswer> {
    if (activeTrace() === undefined) return this.exchange(...request);
    return traced(this.tracer, `FHIR ${request[0]}`, { kind: "client" }, async (span) => {
      const answer = await this.exchange(...request);
      span?.note({ "neuronova.outcome": answer.status });
      return answer;
    });
  }

  private async exchange(
    method: "GET" | "POST",
    path: string,
    body: object | undefined,
    signal: AbortSignal | undefined,
    authorization: string | undefined,
  ): Promise<FhirAnswer> {
    const request = {
      method,
      headers: {
        Accept: MEDIA_TYPE,
        // HAPI FHIR answers a search that it was asked in the last minute from what it found then.
        ...(body === undefined ? { "Cache-Control": "no-cache" } : { "Content-Type": MEDIA_TYPE }),
        ...(authorization === undefined ? {} : { Authorization: authorization }),
        ...traceHeaders(),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      // What is sent is patient data: it goes to the address of the settings and to no other.
      redirect: "manual",
    } as const;
    try {
      return await withinTime(this.timeoutMilliseconds, signal, async (inTime) => {
        const response = await fetch(this.base + path, { ...request, signal: inTime });
        return { status: response.status, headers: response.headers, text: await response.text() };
      });
    } catch (error) {
      throw new FhirError("fhir-unavailable", true, "the FHIR server does not answer", {
        cause: error,
        concerns: "destination",
      });
    }
  }
}

/** An answer that is cut short says nothing about what was done: a conditional write is simply repeated. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new FhirError("fhir-fault", true, "the FHIR server's answer cannot be read", { cause: error });
  }
}
