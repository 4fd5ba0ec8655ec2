import type { OperationOutcome } from "fhir/r4.js";
import { FhirError } from "../../fhir/fhir-server.js";
import { retryAfterOf } from "../../pipeline/retry-after.js";

const LONGEST_OUTCOME = 60_000;

/** What an answer other than 2xx means for the message that was sent (docs/outbox.md has the table). */
export function refusalOf(
  status: number,
  headers: Pick<Headers, "get">,
  text: string,
  now = Date.now(),
): FhirError {
  const outcome = outcomeOf(text);
  const said = `the FHIR server answered HTTP ${status}`;
  const kept = text === "" ? {} : { outcome: text.slice(0, LONGEST_OUTCOME) };
  const retryAfterMilliseconds = retryAfterOf(headers.get("Retry-After"), now);
  const pause = retryAfterMilliseconds === undefined ? {} : { retryAfterMilliseconds };
  if (status === 429 || (status === 503 && retryAfterMilliseconds !== undefined))
    return new FhirError("fhir-busy", true, said, { concerns: "destination", ...pause });
  if (status === 408 || status === 502 || status === 503 || status === 504)
    return new FhirError("fhir-unavailable", true, said, { concerns: "destination" });
  if (status >= 500) return new FhirError("fhir-fault", true, said, { ...kept, ...pause });
  if (status === 401) return new FhirError("fhir-unauthorized", true, said, { concerns: "settings" });
  // A redirect would send patient data wherever it points; 404 without an OperationOutcome is not a FHIR server's.
  if (status < 400 || ((status === 404 || status === 405) && outcome === undefined))
    return new FhirError("fhir-misaddressed", true, said, { concerns: "settings" });
  const why = `${said}: ${outcome === undefined ? "no OperationOutcome" : diagnosis(outcome)}`;
  // HAPI FHIR answers 409 when two writers meet at a resource: the same again is taken.
  if (status === 409) return new FhirError("fhir-conflict", true, why, kept);
  return new FhirError(PERMANENT[status] ?? "fhir-refused", false, why, kept);
}

const PERMANENT: Readonly<Record<number, FhirError["code"]>> = {
  403: "fhir-forbidden",
  404: "fhir-gone",
  410: "fhir-gone",
  412: "fhir-ambiguous",
};

function outcomeOf(text: string): OperationOutcome | undefined {
  try {
    const parsed = JSON.parse(text) as Partial<OperationOutcome> | null;
    return parsed?.resourceType === "OperationOutcome" ? (parsed as OperationOutcome) : undefined;
  } catch {
    return undefined;
  }
}

/** Codes and places of an OperationOutcome; its free text may repeat what was sent. */
function diagnosis({ issue }: OperationOutcome): string {
  // As it came: it may be of another shape than its type says.
  return (Array.isArray(issue) ? (issue as unknown[]) : [])
    .map((one) => {
      const { severity, code, expression } = (one ?? {}) as Readonly<Record<string, unknown>>;
      const words = [severity, code].map((word) => (typeof word === "string" ? word : "?"));
      return [...words, Array.isArray(expression) ? expression.join(", ") : ""].join(" ").trim();
    })
    .join("; ");
}
