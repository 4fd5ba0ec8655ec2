import { readFileSync } from "node:fs";

/** The rows of the table below a heading of a document, cell by cell; "\|" is a bar within one. */
export function documentedTable(document: string, heading: string): string[][] {
  const text = readFileSync(new URL(`../../../docs/${document}`, import.meta.url), "utf8");
  const section = text.split(`\n## ${heading}\n`)[1]?.split("\n## ")[0] ?? "";
  const lines = section.split("\n").filter((line) => line.startsWith("| "));
  return lines
    .slice(2)
    .map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll("\\|", "|")))
    .map((cells) => cells.slice(1, -1));
}

/** The text of a cell that is code. */
export const code = (cell: string | undefined) => cell?.replace(/^`|`$/g, "") ?? "";
