import type { SigningSecret } from "../webhooks/signature.js";
import type { HookSource, HookSourceDetails, HookSourcePatch } from "./hook-source.js";
import type { HookTypeName } from "./hook-types.js";
import type { HookResult } from "./hook-type.js";

/** Systems that may tell us things; their secrets are sealed. */
export interface HookSourceStore {
  /** False when the name is taken. */
  add(details: HookSourceDetails, secret: string, createdBy: string): Promise<boolean>;
  list(): Promise<HookSource[]>;
  get(name: string): Promise<HookSource | null>;
  secrets(name: string): Promise<readonly SigningSecret[]>;
  change(name: string, patch: HookSourcePatch): Promise<void>;
  /** What waits of it ends as `hook-source-off` with it; a source of this name that comes later has none of its messages. */
  remove(name: string): Promise<boolean>;
  /** The former secret stays good until then (milliseconds since 1970). */
  rotate(name: string, secret: string, formerUntil: number): Promise<boolean>;
}

export const HOOK_STATES = ["pending", "done", "failed"] as const;
export type HookState = (typeof HOOK_STATES)[number];

/** A message as its source and administrators see it: never its data. */
export interface HookMessage {
  readonly id: number;
  readonly source: string;
  readonly webhookId: string;
  readonly type: HookTypeName;
  readonly state: HookState;
  readonly attempts: number;
  /** Why it failed, or what it waits for. */
  readonly code: string | null;
  readonly reason: string | null;
  readonly result: HookResult["answer"] | null;
  readonly receivedAt: Date;
  readonly nextAttemptAt: Date | null;
  readonly endedAt: Date | null;
}

export interface NewHookMessage {
  readonly source: string;
  readonly webhookId: string;
  readonly type: HookTypeName;
  readonly lane: string;
  /** Of the body's bytes: the same id with another body is another message. */
  readonly bodyHash: string;
  /** JSON of the message's `data`, as it came. */
  readonly data: string;
  readonly address: string;
}

export interface ClaimedHook {
  readonly id: number;
  readonly source: string;
  readonly type: string;
  readonly data: string;
  readonly address: string;
  readonly attempts: number;
  readonly receivedAt: Date;
  /** Since it last began to wait: when it came, or was asked for again. */
  readonly waitingMilliseconds: number;
}

/** What was told, durably. */
export interface HookMessageStore {
  /** Keeps a message, once for a source and id, whoever else brings it at the same time. */
  keep(
    message: NewHookMessage,
  ): Promise<{ readonly message: HookMessage; readonly isNew: boolean; readonly sameBody: boolean }>;
  find(source: string, webhookId: string): Promise<HookMessage | null>;
  /** Newest first. */
  list(source: string, state: HookState | undefined, before: number, limit: number): Promise<HookMessage[]>;
  /** A failed one is worked on again; false when there is none. */
  replay(source: string, id: number): Promise<boolean>;
}

export interface HookQueue {
  /** The next message that is due and the first of its lane; nobody else gets it during the lease. */
  claim(owner: string, leaseSeconds: number): Promise<ClaimedHook | null>;
  /** null: nothing waits. */
  millisecondsToNext(): Promise<number | null>;
  /** What it said is forgotten. */
  done(id: number, answer: HookResult["answer"]): Promise<void>;
  failed(id: number, code: string, reason: string): Promise<void>;
  later(id: number, code: string, reason: string, milliseconds: number): Promise<void>;
}
