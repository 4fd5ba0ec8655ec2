import { inTime } from "./in-time.js";

/** Whether a dependency answers, and if not why. */
export interface DependencyHealth {
  readonly status: "up" | "down";
  readonly reason?: string;
}

export interface Readiness {
  readonly status: "ready" | "not-ready" | "stopping";
  readonly dependencies: Readonly<Record<string, DependencyHealth>>;
}

export type Checks = Readonly<Record<string, () => Promise<unknown>>>;

/** What a process says of itself from the moment it was told to end: nobody is asked any more. */
export const STOPPING: Readiness = { status: "stopping", dependencies: {} };

/**
 * Asks every dependency, all at once, none for longer than two seconds.
 * @param required without one of these the process is not ready
 * @param optional told of, but worked without: what is meant for them waits in the outbox
 */
export async function readiness(required: Checks, optional: Checks = {}): Promise<Readiness> {
  const entries = await Promise.all(
    Object.entries({ ...required, ...optional }).map(
      async ([name, check]) => [name, await ask(check)] as const,
    ),
  );
  const ready = entries.every(([name, { status }]) => status === "up" || Object.hasOwn(optional, name));
  return { status: ready ? "ready" : "not-ready", dependencies: Object.fromEntries(entries) };
}

async function ask(check: () => Promise<unknown>): Promise<DependencyHealth> {
  try {
    await inTime(check);
    return { status: "up" };
  } catch (error) {
    // Codes and our own sentences only: a driver's message may hold an address or a name.
    const code = (error as { code?: unknown }).code;
    const own = error instanceof Error && typeof code === "string" ? error.message : "it does not answer";
    return { status: "down", reason: own };
  }
}
