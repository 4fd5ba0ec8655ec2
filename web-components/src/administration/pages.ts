/** How many there are at most on a page of a list. */
export const PAGE = 100;

/** The newest of a list; `more` says whether older ones may follow. */
export interface Pages<Item> {
  readonly items: readonly Item[];
  readonly more: boolean;
}

/** So many pages of a list. @param fetchPage gives the page after what was found so far */
export async function firstPages<Item>(
  pages: number,
  fetchPage: (found: readonly Item[]) => Promise<readonly Item[]>,
): Promise<Pages<Item>> {
  const items: Item[] = [];
  for (let page = 0; page < pages; page += 1) {
    const next = await fetchPage(items);
    items.push(...next);
    if (next.length < PAGE) return { items, more: false };
  }
  return { items, more: true };
}

/** One page of a log that is read from its newest entry on: `before` is the oldest that was found. @param state undefined for all */
export function logQuery(state: string | undefined, found: readonly { readonly id: number }[]): string {
  const query = new URLSearchParams({ limit: String(PAGE) });
  const last = found.at(-1);
  if (state !== undefined) query.set("state", state);
  if (last !== undefined) query.set("before", String(last.id));
  return query.toString();
}
