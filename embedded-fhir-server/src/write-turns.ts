/**
 * Lets one piece of work run at a time, in the order of asking: between the search and the write of a
 * conditional create no other request may write.
 */
export class WriteTurns {
  #last: Promise<unknown> = Promise.resolve();

  take<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work, work);
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}
