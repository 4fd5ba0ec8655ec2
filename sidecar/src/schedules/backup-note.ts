import type { State } from "../state/state.js";

const CURSOR = "backup.noted";

/** Notes that a backup was completed now: what made it says so (`neuronova backup noted`). */
export function noteBackup(state: Pick<State, "transaction">, now: Date): Promise<void> {
  return state.transaction((transaction) => transaction.setCursor(CURSOR, Math.floor(now.getTime() / 1_000)));
}

/** When a backup was last noted; null when none ever was. */
export async function lastBackup(read: State["read"]): Promise<Date | null> {
  const seconds = await read.cursor(CURSOR);
  return seconds === 0 ? null : new Date(seconds * 1_000);
}
