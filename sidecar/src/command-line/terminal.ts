import type { Readable } from "node:stream";

/** Where a command was typed: what it is given, and where its words go. */
export interface Terminal {
  readonly environment: NodeJS.ProcessEnv;
  /** The name the system has for who types; "unknown" where it has none. */
  readonly userName: string;
  readonly input: Readable;
  /** Undefined where no person is watching: in a pipe or a file. */
  readonly columns: number | undefined;
  readonly print: (text: string) => Promise<void>;
}

/**
 * @param args what was typed after the command's own word
 * @returns the exit status
 * @throws UsageError for what cannot be done as it was asked
 */
export type Command = (args: string[], terminal: Terminal) => Promise<number>;

/** What was asked for cannot be done as it was asked. */
export class UsageError extends Error {}
