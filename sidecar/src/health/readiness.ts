/** Whether a dependency answers, and if not why. */
export interface DependencyHealth {
  readonly status: "up" | "down";
  readonly reason?: string;
}

export interface Readiness {
  readonly status: "ready" | "not-ready";
  readonly dependencies: Readonly<Record<string, DependencyHealth>>;
}

const PATIENCE_MILLISECONDS = 2_000;

/** Asks every dependency, all at once, none for longer than two seconds. */
export async function readiness(
  checks: Readonly<Record<string, () => Promise<unknown>>>,
): Promise<Readiness> {
  const entries = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => [name, await ask(check)] as const),
  );
  const dependencies = Object.fromEntries(entries);
  const ready = entries.every(([, { status }]) => status === "up");
  return { status: ready ? "ready" : "not-ready", dependencies };
}

async function ask(check: () => Promise<unknown>): Promise<DependencyHealth> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new Error(`no answer within ${PATIENCE_MILLISECONDS} ms`)),
      PATIENCE_MILLISECONDS,
    );
  });
  try {
    await Promise.race([check(), late]);
    return { status: "up" };
  } catch (error) {
    // Codes and our own sentences only: a driver's message may hold an address or a name.
    const code = (error as { code?: unknown }).code;
    const own =
      error instanceof Error && (typeof code === "string" || error.message.startsWith("no answer"))
        ? error.message
        : "it does not answer";
    return { status: "down", reason: own };
  } finally {
    clearTimeout(timer);
  }
}
