import { gzipSync } from "node:zlib";
import type { Plugin } from "vite";

/**
 * Fails the build when what a page has to fetch before an entry runs, the entry and its static imports, weighs more than
 * the budget.
 *
 * @param entry name of the entry chunk
 * @param budgetBytes gzipped
 */
export function weightBudget(entry: string, budgetBytes: number): Plugin {
  return {
    name: "neuronova-weight-budget",
    writeBundle(_options, bundle) {
      const chunks = new Map(
        Object.values(bundle).flatMap((file) =>
          file.type === "chunk" ? [[file.fileName, file] as const] : [],
        ),
      );
      const first = [...chunks.values()].find(({ name, isEntry }) => isEntry && name === entry);
      if (first === undefined) this.error(`there is no entry ${entry}`);
      const needed = new Set([first.fileName]);
      // A set that grows is gone through to its new end.
      for (const name of needed) for (const imported of chunks.get(name)?.imports ?? []) needed.add(imported);
      const weights = [...needed].map(
        (name) => [name, gzipSync(chunks.get(name)?.code ?? "", { level: 9 }).byteLength] as const,
      );
      const bytes = weights.reduce((total, [, weight]) => total + weight, 0);
      const told = `${entry} weighs ${kilobytes(bytes)} of ${kilobytes(budgetBytes)} gzipped`;
      if (bytes > budgetBytes)
        this.error(`${told}: ${weights.map(([name, weight]) => `${name} ${kilobytes(weight)}`).join(", ")}`);
      this.info(told);
    },
  };
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1_000).toFixed(1)} kB`;
}
