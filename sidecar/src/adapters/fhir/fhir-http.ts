import type { Bundle, FhirResource, OperationOutcome } from "fhir/r4.js";
import { FhirError, type FhirServer } from "../../fhir/fhir-server.js";

const TIMEOUT_MILLISECONDS = 10_000;
const MEDIA_TYPE = "application/fhir+json";

/** A FHIR R4 server over HTTP. */
export class FhirHttp implements FhirServer {
  constructor(private readonly base: string) {}

  async transaction(bundle: Bundle): Promise<Bundle> {
    return (await this.send("POST", "", bundle)) as Bundle;
  }

  async read(resourceType: string, id: string): Promise<FhirResource | null> {
    return (await this.send("GET", `/${resourceType}/${encodeURIComponent(id)}`)) as FhirResource | null;
  }

  async ping(): Promise<void> {
    await this.send("GET", "/metadata");
  }

  private async send(method: "GET" | "POST", path: string, body?: object): Promise<unknown> {
    let response: Response;
    let text: string;
    try {
      response = await fetch(this.base + path, {
        method,
        headers: { Accept: MEDIA_TYPE, ...(body === undefined ? {} : { "Content-Type": MEDIA_TYPE }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
      });
      text = await response.text();
    } catch (error) {
      throw new FhirError("fhir-unavailable", true, "the FHIR server does not answer", { cause: error });
    }
    if (response.ok) return JSON.parse(text);
    if (method === "GET" && (response.status === 404 || response.status === 410)) return null;
    if (response.status === 408 || response.status === 429 || response.status >= 500) {
      throw new FhirError("fhir-busy", true, `the FHIR server answered HTTP ${response.status}`);
    }
    throw new FhirError(
      "fhir-refused",
      false,
      `the FHIR server answered HTTP ${response.status}: ${diagnosis(text)}`,
    );
  }
}

/** Codes and places of an OperationOutcome; its free text may repeat what was sent. */
function diagnosis(text: string): string {
  try {
    const outcome = JSON.parse(text) as OperationOutcome;
    return outcome.issue
      .map(({ severity, code, expression }) => `${severity} ${code} ${expression?.join(", ") ?? ""}`.trim())
      .join("; ");
  } catch {
    return "no OperationOutcome";
  }
}
