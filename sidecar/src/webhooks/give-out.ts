import { EventFeed } from "../events/event-feed.js";
import type { Outcome } from "../pipeline/repeat.js";
import type { StateReads } from "../state/state.js";
import { isWanted, type StudyTraits } from "./webhook.js";
import type { WebhookFanOut } from "./webhook-store.js";

const GAP = { dueInMilliseconds: 50 };

/**
 * Gives committed events to the webhooks that want them: their messages and the position are one transaction, so that
 * each event is given out once, whatever process does it.
 */
export class GiveOut {
  private feed: EventFeed | undefined;
  private listening = true;

  constructor(
    private readonly store: WebhookFanOut,
    private readonly read: Pick<StateReads, "eventsAfter">,
    private readonly given: () => void,
  ) {}

  /** Whether there was any webhook at the last look: where there is none, no event need wake anybody. */
  get isListenedTo(): boolean {
    return this.listening;
  }

  async round(): Promise<Outcome> {
    const { sequence, webhooks } = await this.store.position();
    this.listening = webhooks.length > 0;
    if (webhooks.length === 0) return "idle";
    // Nobody wants what was before the first of them.
    const begin = Math.max(sequence, Math.min(...webhooks.map(({ sinceSequence }) => sinceSequence)));
    if (this.feed?.sequence !== begin) this.feed = new EventFeed(this.read, begin);
    const { feed } = this;
    const { events, waiting, more } = await feed.next();
    if (events.length > 0) {
      const filtered = webhooks.some(({ filter }) => filter.modalities.length + filter.labels.length > 0);
      const studies = [...new Set(events.map(({ studyInstanceUid }) => studyInstanceUid))];
      const traits = filtered ? await this.store.traits(studies) : new Map<string, StudyTraits>();
      const messages = events.flatMap((event) =>
        webhooks
          .filter(
            (webhook) =>
              event.sequence > webhook.sinceSequence &&
              isWanted(webhook, event, traits.get(event.studyInstanceUid)),
          )
          .map(({ id }) => ({ webhook: id, event })),
      );
      const ours = await this.store.giveOut(sequence, feed.sequence, messages);
      if (!ours) this.feed = undefined;
      else if (messages.length > 0) this.given();
    }
    return waiting ? GAP : more ? "more" : "idle";
  }
}
