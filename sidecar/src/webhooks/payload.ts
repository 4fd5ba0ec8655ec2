import type { StoredEvent } from "../state/events.js";
import { PING } from "./webhook.js";

/**
 * What is sent of an event: attributes named as in CloudEvents 1.0, `type`, `timestamp` and `data` also as Standard
 * Webhooks has them. Like every event it names studies and never patients; whoever gets it asks by the API for more.
 */
export function payloadOf(
  id: string,
  { event, time, studyInstanceUid, seriesInstanceUid, sopInstanceUid, data, sequence }: StoredEvent,
  source: string,
): string {
  const at = time.toISOString();
  return JSON.stringify({
    specversion: "1.0",
    id,
    source,
    type: event,
    subject: studyInstanceUid,
    time: at,
    timestamp: at,
    sequence: String(sequence),
    datacontenttype: "application/json",
    data: {
      studyInstanceUid,
      ...(seriesInstanceUid === undefined ? {} : { seriesInstanceUid }),
      ...(sopInstanceUid === undefined ? {} : { sopInstanceUid }),
      ...data,
    },
  });
}

export function pingPayload(id: string, source: string, now: Date): string {
  const at = now.toISOString();
  return JSON.stringify({
    specversion: "1.0",
    id,
    source,
    type: PING,
    time: at,
    timestamp: at,
    datacontenttype: "application/json",
    data: {},
  });
}
