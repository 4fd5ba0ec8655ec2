/**
 * Fetches the code of an element as soon as one is on the page: a page that has none does not pay for it. An observer of
 * the document does not see into the page's own shadow roots, so the code comes in any case once the page is idle.
 */
export function defineWhenMet(name: string, load: () => Promise<unknown>): void {
  let loading: Promise<unknown> | undefined;
  const start = () => {
    observer.disconnect();
    // A fetch that failed is tried again by the next element.
    loading ??= load().catch(() => {
      loading = undefined;
      observe();
    });
  };
  const isMet = (node: Node) =>
    node instanceof Element && (node.localName === name || node.querySelector(name) !== null);
  const observer = new MutationObserver((records) => {
    if (records.some(({ addedNodes }) => [...addedNodes].some(isMet))) start();
  });
  const observe = () => observer.observe(document, { childList: true, subtree: true });
  observe();
  if (document.querySelector(name) !== null) start();
  else if (document.readyState === "complete") whenIdle(start);
  else window.addEventListener("load", () => whenIdle(start), { once: true });
}

/** Safari has no `requestIdleCallback`. */
function whenIdle(work: () => void): void {
  const { requestIdleCallback: ask } = globalThis as { requestIdleCallback?: typeof requestIdleCallback };
  if (ask === undefined) setTimeout(work, 1_000);
  else ask(work);
}
