import axe from "axe-core";
import type { Page } from "playwright-core";

/**
 * What axe finds wrong with the page as it is, open shadow roots too; one line for each element. Its source goes in by
 * the debugger, past the Content-Security-Policy, which allows no inline script.
 */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  return page.evaluate(async () => {
    const { axe: inPage } = globalThis as unknown as { axe: typeof axe };
    const { violations: found } = await inPage.run(document, { resultTypes: ["violations"] });
    return found.flatMap(({ id, nodes }) =>
      nodes.map((node) => `${id}: ${node.target.flat().join(" ")} ${node.html.slice(0, 160)}`),
    );
  });
}
