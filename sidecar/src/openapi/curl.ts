import type { Operation } from "./operation.js";

/** What the examples name: what it stands for, and how it may look. */
export const VARIABLES = {
  NEURONOVA: { meaning: "address of the installation", value: "https://imaging.example.org" },
  TOKEN: { meaning: "an access token, or an API key", value: "eyJhbGciOi…" },
  PASSWORD: { meaning: "password of the account `admin`", value: "a long enough password" },
  STUDY: { meaning: "Study Instance UID of a study", value: "1.2.826.0.1.3680043.8.498.1" },
  SERIES: { meaning: "Series Instance UID of one of its series", value: "1.2.826.0.1.3680043.8.498.1.1" },
  INSTANCE: { meaning: "SOP Instance UID of one of its images", value: "1.2.826.0.1.3680043.8.498.1.1.1" },
  PATIENT: {
    meaning: "id of a patient of the EMR, as first saved",
    value: "7f0c1b52-7a0e-4d3c-9a55-1f6f0d3b8a11",
  },
  TOMORROW: { meaning: "a time ahead", value: "2026-03-02T09:00:00Z" },
} as const;

/** The body of an example as it may look. */
export function exampleBody(body: unknown): unknown {
  const text = Object.entries(VARIABLES).reduce(
    (json, [name, { value }]) => json.replaceAll(`"$${name}"`, JSON.stringify(value)),
    JSON.stringify(body),
  );
  return JSON.parse(text) as unknown;
}

/** The example of a route as a line for a shell; undefined where it has none. */
export function curlOf(route: string, { needs, example }: Operation): string | undefined {
  if (example === undefined) return undefined;
  const [method = "", template = ""] = route.split(" ");
  const path = template.replace(/:(\w+)/g, (_all, name: string) => example.path?.[name] ?? `{${name}}`);
  const query = Object.entries(example.query ?? {}).map(([name, value]) => `${name}=${value}`);
  const headers = {
    ...(needs === "nothing" ? {} : { Authorization: "Bearer $TOKEN" }),
    ...example.headers,
  };
  const mediaType = "Content-Type" in headers;
  return [
    `curl -sS --fail-with-body${method === "GET" ? "" : ` -X ${method}`}`,
    `"$NEURONOVA${path}${query.length === 0 ? "" : `?${query.join("&")}`}"`,
    ...Object.entries(headers).map(([name, value]) => `-H "${name}: ${escaped(value)}"`),
    ...(example.body === undefined
      ? []
      : [
          ...(mediaType ? [] : ['-H "Content-Type: application/json"']),
          `--data-binary @- <<END\n${JSON.stringify(example.body, null, 2)}\nEND`,
        ]),
  ].join(" \\\n  ");
}

/** Within double quotes of a shell. */
function escaped(text: string): string {
  return text.replace(/["\\`]/g, "\\$&");
}
