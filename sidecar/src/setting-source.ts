import { readFileSync } from "node:fs";

/** What is wrong with it has been said. */
export const unreadable = Symbol("unreadable");

/**
 * The text of a setting: `NAME`, or the content of the file named by `NAME_FILE`.
 * @param problems gets a sentence where it is `unreadable`
 */
export function readSource(
  environment: Readonly<Record<string, string | undefined>>,
  name: string,
  problems: string[],
): string | undefined | typeof unreadable {
  const direct = environment[name];
  const file = environment[`${name}_FILE`];
  if (file === undefined || file === "") return direct === "" ? undefined : direct;
  if (direct !== undefined && direct !== "") {
    problems.push(`${name} and ${name}_FILE are both set: keep one`);
    return unreadable;
  }
  try {
    return readFileSync(file, "utf8").replace(/\r?\n$/, "");
  } catch (error) {
    problems.push(
      `${name}_FILE names ${JSON.stringify(file)}, which cannot be read (${(error as NodeJS.ErrnoException).code ?? "unknown error"})`,
    );
    return unreadable;
  }
}
