import { setTimeout as pause } from "node:timers/promises";

export interface Gathering {
  /** Items of one call at most. */
  readonly largest: number;
  /** Rest after a call, for the next one to become larger. */
  readonly paceMilliseconds: number;
}

/**
 * Makes one call of many: what is asked for while a call is in progress, and for a moment after it, goes into the next
 * one together. Under load a statement then serves several; without load nobody waits.
 * @param work answers in the order of its items; when it fails for several, each is tried alone
 */
export function gather<Item, Answer>(
  work: (items: readonly Item[]) => Promise<readonly Answer[]>,
  { largest, paceMilliseconds }: Gathering,
): (item: Item) => Promise<Answer> {
  let waiting: Asked<Item, Answer>[] = [];
  let working = false;
  const answer = async (batch: readonly Asked<Item, Answer>[]): Promise<void> => {
    try {
      const answers = await work(batch.map(({ item }) => item));
      if (answers.length !== batch.length)
        throw new Error("a gathered call did not answer each of its items");
      batch.forEach(({ resolve }, index) => resolve(answers[index] as Answer));
    } catch (error) {
      if (batch.length === 1) batch[0]?.reject(error);
      else for (const asked of batch) await answer([asked]);
    }
  };
  const run = async (): Promise<void> => {
    working = true;
    while (waiting.length > 0) {
      const batch = waiting.slice(0, largest);
      waiting = waiting.slice(largest);
      await answer(batch);
      if (paceMilliseconds > 0) await pause(paceMilliseconds);
    }
    working = false;
  };
  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (!working) void run();
    });
}

interface Asked<Item, Answer> {
  readonly item: Item;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}
