import type { JsonSchema } from "./json-schema.js";
import { PROBLEMS, statusOf, type ProblemCode } from "./problem-codes.js";

/** An error (RFC 9457). Some codes come with members of their own. */
export const PROBLEM_SCHEMA: JsonSchema = {
  type: "object",
  description: "An error (RFC 9457), with a stable code",
  required: ["type", "title", "status", "code", "detail"],
  properties: {
    type: { type: "string", description: "urn:neuronova:problem: and the code" },
    title: { type: "string" },
    status: { type: "integer" },
    code: { $ref: "#/components/schemas/ProblemCode" },
    detail: { type: "string", description: "A sentence for a person; names no patient" },
  },
};

/** Every code there is, with what it means. */
export const PROBLEM_CODE_SCHEMA: JsonSchema = {
  type: "string",
  description: PROBLEMS.map(
    ({ status, codes, meaning }) =>
      `- ${codes.map((code) => `\`${code}\``).join(", ")} (${status})${meaning === "" ? "" : `: ${meaning}`}`,
  ).join("\n"),
  enum: PROBLEMS.flatMap(({ codes }) => codes),
};

export interface Response {
  readonly description: string;
  readonly headers?: JsonSchema;
  readonly content?: Readonly<Record<string, { readonly schema?: JsonSchema }>>;
}

/** The refusals of an operation, by status. */
export function refusals(
  codes: readonly ProblemCode[],
  alsoAs: readonly string[] = [],
): Record<string, Response> {
  const byStatus = new Map<number, ProblemCode[]>();
  for (const code of codes) byStatus.set(statusOf(code), [...(byStatus.get(statusOf(code)) ?? []), code]);
  return Object.fromEntries(
    [...byStatus].map(([status, ofStatus]) => [
      String(status),
      {
        description: ofStatus.map((code) => `\`${code}\``).join(", "),
        ...(status === 429 ? { headers: { "Retry-After": RETRY_AFTER } } : {}),
        content: {
          ...Object.fromEntries(alsoAs.map((mediaType) => [mediaType, {}])),
          "application/problem+json": {
            schema: {
              allOf: [
                { $ref: "#/components/schemas/Problem" },
                { type: "object", properties: { code: { enum: ofStatus } } },
              ],
            },
          },
        },
      },
    ]),
  );
}

const RETRY_AFTER = { description: "Seconds", schema: { type: "integer", minimum: 1 } };
