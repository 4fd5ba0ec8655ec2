/** One command of the help: its words, and its lines as they stand there. */
export interface UsageEntry {
  readonly command: string;
  /** More than one where they share a line: `enable|disable`. */
  readonly subcommands: readonly string[];
  readonly options: readonly string[];
  readonly text: string;
}

/** The help as a table. Lines that begin with a space belong to the command before them. */
export function usageEntries(usage: string): UsageEntry[] {
  const blocks = usage.split(/\n(?=neuronova )/).map((block) => block.trimEnd());
  return blocks.map((text) => {
    const [, command = "", second = ""] =
      /^neuronova ([a-z0-9-]+)(?: ([a-z][a-z-]*(?:\|[a-z][a-z-]*)*)(?= |$))?/m.exec(text) ?? [];
    const options = [...new Set([...text.matchAll(/--([a-z][a-z-]*)/g)].map(([option]) => option))];
    return { command, subcommands: second === "" ? [] : second.split("|"), options, text };
  });
}

/**
 * The help of a command.
 * @param words what was typed, `--help` among them
 * @returns undefined when there is no such command
 */
export function helpOf(usage: string, words: readonly string[]): string | undefined {
  const [command, second] = words.filter((word) => !word.startsWith("--"));
  if (command === undefined) return usage;
  const ofCommand = usageEntries(usage).filter((entry) => entry.command === command);
  const exact = ofCommand.filter(({ subcommands }) => subcommands.includes(second ?? ""));
  const shown = exact.length > 0 ? exact : ofCommand;
  return shown.length === 0 ? undefined : `${shown.map(({ text }) => text).join("\n")}\n`;
}
