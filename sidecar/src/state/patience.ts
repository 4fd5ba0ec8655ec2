import { AsyncLocalStorage } from "node:async_hooks";

/** nginx gives up after 60 s: until then we have to have said why. */
const PATIENCE_MILLISECONDS = 40_000;
/** Once a statement of a request got no answer, the others of it (what it undoes, what it records) hardly will. */
const LITTLE_PATIENCE_MILLISECONDS = 2_000;

const waiting = new AsyncLocalStorage<{ readonly milliseconds: number; hasRunOut: boolean }>();

/** Does the work of a request. What nobody waits for (jobs, migrations, retention, commands) has no such limit. */
export function whileSomebodyWaits<T>(work: () => T, milliseconds = PATIENCE_MILLISECONDS): T {
  return waiting.run({ milliseconds, hasRunOut: false }, work);
}

/**
 * How long a statement may take that begins now; undefined where nobody waits.
 * `ranOut` is told when it has taken that long.
 */
export function patience(): { readonly milliseconds: number; ranOut(): void } | undefined {
  const request = waiting.getStore();
  if (request === undefined) return undefined;
  return {
    milliseconds: request.hasRunOut ? LITTLE_PATIENCE_MILLISECONDS : request.milliseconds,
    ranOut() {
      request.hasRunOut = true;
    },
  };
}
