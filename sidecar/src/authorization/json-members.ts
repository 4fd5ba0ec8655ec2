const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s"{}[\],:]+/g;

/**
 * Whether an object anywhere in a JSON text has a member twice. RFC 7519 section 4 allows refusing such claims, and two
 * parsers would read two different tokens: `JSON.parse` takes the last, others the first.
 * @param json a text that JSON.parse takes
 */
export function hasDuplicateMembers(json: string): boolean {
  const open: (Set<string> | undefined)[] = [];
  let text: string | undefined;
  for (const [token] of json.matchAll(TOKEN)) {
    if (token === "{") open.push(new Set());
    else if (token === "[") open.push(undefined);
    else if (token === "}" || token === "]") open.pop();
    else if (token === ":") {
      const members = open.at(-1);
      const name = JSON.parse(text ?? '""') as string;
      if (members?.has(name)) return true;
      members?.add(name);
    }
    text = token.startsWith('"') ? token : undefined;
  }
  return false;
}
