import { usageEntries } from "./help.js";

/** What may follow what. */
interface Words {
  readonly commands: readonly string[];
  /** By command. */
  readonly subcommands: ReadonlyMap<string, readonly string[]>;
  /** By `command subcommand`, or the command alone. */
  readonly options: ReadonlyMap<string, readonly string[]>;
}

/**
 * What a shell completes the commands by.
 * @returns undefined for a shell that is not known
 */
export function completionFor(shell: string, usage: string): string | undefined {
  const words = wordsOf(usage);
  if (shell === "bash") return bash(words);
  if (shell === "zsh")
    return `#compdef neuronova\nautoload -U +X bashcompinit && bashcompinit\n${bash(words)}`;
  return shell === "fish" ? fish(words) : undefined;
}

function wordsOf(usage: string): Words {
  const subcommands = new Map<string, readonly string[]>();
  const options = new Map<string, readonly string[]>();
  const add = (map: Map<string, readonly string[]>, key: string, more: readonly string[]) =>
    map.set(key, [...new Set([...(map.get(key) ?? []), ...more])]);
  for (const entry of usageEntries(usage)) {
    add(subcommands, entry.command, entry.subcommands);
    for (const second of entry.subcommands) add(options, `${entry.command} ${second}`, entry.options);
    if (entry.subcommands.length === 0) add(options, entry.command, entry.options);
  }
  return { commands: [...subcommands.keys()], subcommands, options };
}

function bash({ commands, subcommands, options }: Words): string {
  const cases = [...options].map(
    ([key, names]) =>
      `    "${key.padEnd(key.includes(" ") ? 0 : key.length + 1)}") found="${[...names, "--help"].join(" ")}" ;;`,
  );
  const seconds = [...subcommands].map(([command, names]) => `    ${command}) found="${names.join(" ")}" ;;`);
  return `_neuronova() {
  local current="\${COMP_WORDS[COMP_CWORD]}" command="\${COMP_WORDS[1]}" second="" found=""
  if [ "$COMP_CWORD" -gt 2 ]; then second="\${COMP_WORDS[2]}"; fi
  if [ "$COMP_CWORD" -eq 1 ]; then
    found="${[...commands, "help"].join(" ")}"
  elif [ "$COMP_CWORD" -eq 2 ] && [ "\${current#-}" = "$current" ]; then
    case "$command" in
${seconds.join("\n")}
    esac
  else
    case "$command $second" in
${cases.join("\n")}
    *) found="--help" ;;
    esac
  fi
  COMPREPLY=($(compgen -W "$found" -- "$current"))
}
complete -F _neuronova neuronova
`;
}

function fish({ commands, subcommands, options }: Words): string {
  const lines = [`complete -c neuronova -f -n __fish_use_subcommand -a "${commands.join(" ")}"`];
  for (const [command, names] of subcommands)
    if (names.length > 0)
      lines.push(
        `complete -c neuronova -f -n "__fish_seen_subcommand_from ${command}; and not __fish_seen_subcommand_from ${names.join(" ")}" -a "${names.join(" ")}"`,
      );
  for (const [key, names] of options) {
    const seen = key
      .split(" ")
      .map((word) => `__fish_seen_subcommand_from ${word}`)
      .join("; and ");
    for (const name of [...names, "--help"])
      lines.push(`complete -c neuronova -n "${seen}" -l ${name.slice(2)}`);
  }
  return `${lines.join("\n")}\n`;
}
