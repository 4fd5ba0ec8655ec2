import type { Operation } from "./operation.js";
import type { ProblemCode } from "./problem-codes.js";

const EVERYWHERE: readonly ProblemCode[] = [
  "internal-error",
  "state-unavailable",
  "audit-unavailable",
  "too-many-requests",
];
const WITH_TOKEN: readonly ProblemCode[] = [
  "token-missing",
  "token-invalid",
  "token-expired",
  "identity-provider-unavailable",
];
const WITH_BODY: readonly ProblemCode[] = ["request-malformed", "body-too-large", "media-type-unsupported"];

/** Every code that a route may answer: its own, and those of every route that asks for or takes the same. */
export function problemsOf(route: string, { needs, query, body, problems = [] }: Operation): ProblemCode[] {
  const takesBody = body !== undefined || /^(?:POST|PUT|PATCH) /.test(route);
  return [
    ...new Set<ProblemCode>([
      ...(query === undefined ? [] : (["request-malformed"] as const)),
      ...(takesBody ? WITH_BODY : []),
      ...(needs === "nothing" ? [] : WITH_TOKEN),
      ...(needs === "nothing" || needs === "a token" ? [] : (["forbidden"] as const)),
      ...problems,
      ...EVERYWHERE,
    ]),
  ];
}
