/** What a span may say, each by what it looks like: nothing else leaves the process. No patient, token, address or text. */
const ALLOWED = {
  "neuronova.resource": /^[A-Za-z-]{1,32}$/,
  "neuronova.outcome": /^[a-z0-9-]{1,64}$/,
  "neuronova.attempt": /^\d{1,9}$/,
  "orthanc.instance": /^[0-9a-f-]{44}$/,
  "orthanc.series": /^[0-9a-f-]{44}$/,
  "orthanc.study": /^[0-9a-f-]{44}$/,
  "dicom.transfer_syntax": /^1\.2\.840\.10008\.1\.2[0-9.]{0,32}$/,
  "error.type": /^[a-z0-9-]{1,64}$/,
} as const;

export type SpanAttributes = { readonly [Name in keyof typeof ALLOWED]?: string | number };

/** Those of the list, as far as they look as they should; of anything else nobody hears. */
export function allowedAttributes(given: SpanAttributes): Record<string, string | number> {
  return Object.fromEntries(
    Object.entries(given).filter(
      ([name, value]) =>
        Object.hasOwn(ALLOWED, name) && ALLOWED[name as keyof typeof ALLOWED].test(String(value)),
    ),
  );
}

/** The stable code of a fault. Its message may hold anything, and is not told. */
export function errorType(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === "string" && ALLOWED["error.type"].test(code) ? code : "unknown-fault";
}
