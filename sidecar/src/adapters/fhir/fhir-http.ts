import type { Bundle, FhirResource } from "fhir/r4.js";
import { FhirError, type FhirServer } from "../../fhir/fhir-server.js";
import { refusalOf } from "./fhir-refusal.js";

const MEDIA_TYPE = "application/fhir+json";
const PING_MILLISECONDS = 5_000;

/** A FHIR R4 server over HTTP. */
export class FhirHttp implements FhirServer {
  constructor(
    private readonly base: string,
    private readonly timeoutMilliseconds: number,
  ) {}

  async transaction(bundle: Bundle, signal?: AbortSignal): Promise<Bundle> {
    return (await this.send("POST", "", bundle, signal)) as Bundle;
  }

  async read(resourceType: string, id: string): Promise<FhirResource | null> {
    return (await this.send("GET", `/${resourceType}/${encodeURIComponent(id)}`)) as FhirResource | null;
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
    let response: Response;
    let text: string;
    const timeout = AbortSignal.timeout(this.timeoutMilliseconds);
    try {
      response = await fetch(this.base + path, {
        method,
        headers: { Accept: MEDIA_TYPE, ...(body === undefined ? {} : { "Content-Type": MEDIA_TYPE }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        // What is sent is patient data: it goes to the address of the settings and to no other.
        redirect: "manual",
        signal: signal === undefined ? timeout : AbortSignal.any([timeout, signal]),
      });
      text = await response.text();
    } catch (error) {
      throw new FhirError("fhir-unavailable", true, "the FHIR server does not answer", {
        cause: error,
        concerns: "destination",
      });
    }
    if (response.ok) return parsed(text);
    if (method === "GET" && (response.status === 404 || response.status === 410)) return null;
    throw refusalOf(response.status, response.headers, text);
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
