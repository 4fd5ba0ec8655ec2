import { createHash } from "node:crypto";

/** The order of the outbox is kept within an aggregate: here, within a webhook. */
export function aggregateOf(webhook: number): string {
  return createHash("sha256").update(`webhook ${webhook}`).digest("hex");
}

export interface MessageKey {
  readonly webhook: number;
  readonly type: string;
  /** null for a ping, which is no event. */
  readonly sequence: number | null;
  /** `webhook-id`: the same however often it is sent. */
  readonly id: string;
}

/** @param mark the event's sequence, or what tells one ping from another */
export function subjectOf(webhook: number, mark: number | string, type: string): string {
  return `${webhook}/${mark}/${type}`;
}

/** @throws RangeError for what is no subject of ours */
export function readSubject(subject: string): MessageKey {
  const [webhook, mark = "", type = ""] = subject.split("/");
  const number = Number(webhook);
  if (!Number.isSafeInteger(number) || mark === "" || type === "")
    throw new RangeError("no subject of a webhook");
  const sequence = /^\d+$/.test(mark) ? Number(mark) : null;
  return { webhook: number, type, sequence, id: sequence === null ? `ping_${mark}` : `evt_${mark}` };
}
