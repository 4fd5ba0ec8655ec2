import type { Pages } from "../../administration/pages.js";
import type { AdminMessageKey } from "../../localization/admin-messages.js";
import type { TokenProvider } from "../../session/token-provider.js";
import type { LogEntry, LogWords } from "./system-log.js";

/** A system that shares a secret with this one: webhooks go to it, or inbound hooks come from it. */
export interface ConnectedSystem {
  readonly enabled: boolean;
}

/** The calls of the API that a section on connected systems makes. */
export interface SystemCalls<System extends ConnectedSystem, State extends string> {
  list(token: TokenProvider): Promise<readonly System[]>;
  /** @param state undefined for all */
  log(
    system: System,
    state: State | undefined,
    pages: number,
    token: TokenProvider,
  ): Promise<Pages<LogEntry<State>>>;
  enable(system: System, enabled: boolean, token: TokenProvider): Promise<void>;
  rotate(
    system: System,
    overlapHours: number,
    token: TokenProvider,
  ): Promise<{ readonly secret: string; readonly formerUntil: string }>;
  remove(system: System, token: TokenProvider): Promise<void>;
  /** Has an entry of the log done once more. @returns how many are */
  repeat(system: System, entry: number, token: TokenProvider): Promise<number>;
}

/** What a section on connected systems calls things. */
export interface SystemWords<State extends string> {
  readonly add: AdminMessageKey;
  readonly none: AdminMessageKey;
  readonly log: LogWords<State>;
}

/** Whose log is shown, and of which state; undefined for all. */
export interface OpenedLog<State extends string> {
  readonly system: string;
  readonly state: State | undefined;
}

export interface ConnectedSystems<System, State extends string> {
  readonly systems: readonly System[];
  /** Of the one that is opened, as it was asked for. */
  readonly log: (Pages<LogEntry<State>> & OpenedLog<State>) | undefined;
}
