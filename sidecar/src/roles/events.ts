import { setTimeout as pause } from "node:timers/promises";
import { accessOf, NOBODY, whoOf } from "../audit/access.js";
import type { AuditParts } from "../audit/audit-api.js";
import { refusalOf } from "../audit/refusal.js";
import type { TokenVerifier } from "../authorization/access-token.js";
import { demand } from "../authorization/authenticate.js";
import type { StudyAccess } from "../authorization/study-access.js";
import type { Connections } from "../connections.js";
import { EventFeed } from "../events/event-feed.js";
import { EventSocket } from "../events/event-socket.js";
import type { Logger } from "../log.js";
import { repeat } from "../pipeline/repeat.js";
import { LOOPS } from "../schedules/loops.js";

/** The safety net under the wake-up; short while a number is missing from the sequence. */
const GAP_MILLISECONDS = 20;
/** After events were sent: those of the next moment go together, of a longer one when there were many. */
const PACE = { milliseconds: 20, ofEachEvent: 2, longest: 200 };

/** Reads committed events and sends them to every connected client. */
export async function startEvents(
  { state, onWake }: Connections,
  { tokens, access }: { readonly tokens: TokenVerifier; readonly access: StudyAccess },
  { trail, proxies }: Pick<AuditParts, "trail" | "proxies">,
  log: Logger,
): Promise<{ socket: EventSocket; stop(): Promise<void> }> {
  const newest = await state.read.lastEventSequence();
  const feed = new EventFeed(state.read, newest);
  const socket = new EventSocket(
    {
      read: state.read,
      log,
      async authenticate(token) {
        const principal = await tokens.verify(token);
        demand(principal, "view");
        return principal;
      },
      async record(request, principal, refusal) {
        const who = principal === undefined ? NOBODY : whoOf(principal);
        const end = refusal === undefined ? {} : refusalOf(refusal);
        await trail.count(
          accessOf({ who, source: proxies.sourceOf(request), action: "listen", target: "events", ...end }),
        );
      },
      mayHear: (principal, { studyInstanceUid }) => access.mayView(principal, studyInstanceUid),
    },
    newest,
  );
  const loop = repeat("events", LOOPS.events.milliseconds, log, async () => {
    const { events, waiting, more } = await feed.next();
    if (events.length > 0) await socket.broadcast(events);
    if (waiting) await pause(GAP_MILLISECONDS);
    else if (events.length > 0 && !more)
      await pause(Math.min(PACE.longest, Math.max(PACE.milliseconds, PACE.ofEachEvent * events.length)));
    return more || waiting ? "more" : "idle";
  });
  onWake((topics) => {
    if (topics.has("events")) loop.wake();
  });
  return {
    socket,
    async stop() {
      await loop.stop();
      socket.close();
    },
  };
}
