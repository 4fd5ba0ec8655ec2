import type { Schemas } from "../api/schemas.js";
import { fetchJson } from "../session/http.js";
import type { TokenProvider } from "../session/token-provider.js";
import type { StudyDetails, Synchronisation } from "./study.js";

/** How a system is found, and what waits for it (docs/outbox.md). */
export type Destination = Schemas["Destination"];

type Letter = Schemas["Message"];

/** For administrators of work. @throws HttpProblem 403 for everybody else */
export async function loadDestinations(token: TokenProvider): Promise<readonly Destination[]> {
  return (await fetchJson<{ destinations: Destination[] }>("/api/outbox", token)).destinations;
}

/** Has everything that failed for a system delivered again. @returns how many changes */
export async function replayAll(
  destination: Synchronisation["destination"],
  token: TokenProvider,
): Promise<number> {
  const answer = await fetchJson<{ replayed: number }>("/api/outbox/replay", token, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ destination }),
  });
  return answer.replayed;
}

/** Has what failed of a study and its results delivered again. @returns how many changes */
export async function replayStudy(
  { orthancId, results }: Pick<StudyDetails, "orthancId" | "results">,
  token: TokenProvider,
): Promise<number> {
  const analyses = new Set(results.map(({ id }) => String(id)));
  const isOfStudy = ({ kind, subject }: Letter) =>
    kind === "study"
      ? subject === orthancId
      : kind === "analysis" && analyses.has(subject.split(".")[0] ?? "");
  let replayed = 0;
  let after: number | undefined = 0;
  while (after !== undefined) {
    const page: Schemas["ListMessagesAnswer"] = await fetchJson(
      `/api/outbox/messages?state=failed&limit=500&after=${after}`,
      token,
    );
    for (const { id } of page.messages.filter(isOfStudy)) {
      await fetchJson(`/api/outbox/messages/${id}/replay`, token, { method: "POST" });
      replayed += 1;
    }
    after = page.next;
  }
  return replayed;
}
