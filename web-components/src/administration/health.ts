import type { Schemas } from "../api/schemas.js";
import { fetchJson } from "../session/http.js";
import { serverUrl } from "../session/server.js";
import type { TokenProvider } from "../session/token-provider.js";
import type { Destination } from "./outbox.js";

/** What `/api/health/ready` says. */
export type Readiness = Schemas["Readiness"];

export type Queue = Schemas["ListQueuesAnswer"]["queues"][number];

/** What `/api/status` says is wrong. */
export type Concern = Schemas["Status"]["concerns"][number];

/** The installation at a moment. */
export interface HealthLook {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly readiness: Readiness;
  /** From asking to the whole answer, as seen from this page. */
  readonly answerMilliseconds: number;
  readonly concerns: readonly Concern[];
  /** Null while they cannot be told. */
  readonly queues: readonly Queue[] | null;
  readonly destinations: readonly Destination[] | null;
}

/** @throws TypeError when nobody answers; HttpProblem when the account may not look */
export async function lookAtHealth(token: TokenProvider): Promise<HealthLook> {
  const begun = performance.now();
  // 503 has the same body: it says what is missing.
  const response = await fetch(serverUrl("/api/health/ready"), { cache: "no-store" });
  const readiness = (await response.json()) as Readiness;
  const answerMilliseconds = performance.now() - begun;
  const { concerns, queues, destinations } = await fetchJson<Schemas["Status"]>("/api/status", token);
  return { at: Date.now(), readiness, answerMilliseconds, concerns, queues, destinations };
}
