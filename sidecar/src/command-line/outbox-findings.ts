import type { DestinationOverview } from "../outbox/overview.js";
import type { Finding } from "./findings.js";

type Destination = Pick<DestinationOverview, "destination" | "breaker" | "pending" | "oldestSeconds">;

/** How the outbox is looked at. */
export interface OutboxLooks {
  readonly destinations: () => Promise<readonly Destination[]>;
  readonly failedMessages: () => Promise<number>;
}

/** Whether what others are to be told gets to them. */
export async function outboxFindings({ destinations, failedMessages }: OutboxLooks): Promise<Finding[]> {
  const [states, failed] = await Promise.all([destinations(), failedMessages()]);
  const found = states.flatMap(findingsOf);
  if (failed > 0)
    found.push({
      check: "outbox",
      state: "warning",
      finding: `${failed} messages failed`,
      todo: "neuronova outbox list says why; neuronova outbox replay --all sends them again.",
    });
  return found.length > 0 ? found : [{ check: "outbox", state: "ok", finding: "nothing failed" }];
}

function findingsOf({ destination, breaker, pending, oldestSeconds }: Destination): Finding[] {
  if (breaker === "closed" || (breaker === "none" && pending === 0)) return [];
  const told =
    breaker === "none"
      ? {
          finding: `nobody delivers to ${destination}: ${pending} wait, the oldest for ${oldestSeconds} s`,
          todo: "Start a process with the role delivery (NEURONOVA_ROLES); the log of one that is there says what keeps it.",
        }
      : {
          finding: `${destination} is left alone (${breaker})`,
          todo: "What waits goes out when it is back; neuronova outbox status says since when and why.",
        };
  return [{ check: "outbox", state: "warning", ...told }];
}
