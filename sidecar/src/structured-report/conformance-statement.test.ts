import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const FOLDERS = ["sidecar/src", "sidecar/test", "web-components/src", "web-components/test"];
const FILES = FOLDERS.flatMap((folder) =>
  readdirSync(`${ROOT}/${folder}`, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".test.ts"))
    .map((name) => `${ROOT}/${folder}/${name}`),
);

const read = (document: string) => readFileSync(`${ROOT}/docs/${document}`, "utf8");
const named = (file: string) => FILES.filter((path) => path.endsWith(`/${file}`));
/** Prettier escapes what Markdown could take for something else. */
const plain = (text: string) => text.replaceAll(/\\([*_<>|])/g, "$1");

describe.each(["conformance.md", "ai-results-conformance.md"])("the statement in docs/%s", (document) => {
  const claims = read(document)
    .split("\n## Claims\n")[1]
    ?.split("\n## ")[0]
    ?.split("\n")
    .filter((line) => line.startsWith("| "))
    .slice(2)
    .map((line) => line.split("|").map((cell) => cell.trim()));

  test("has claims", () => expect(claims?.length).toBeGreaterThan(10));

  test.each((claims ?? []).map(([, claim = "", , shown = ""]) => [claim, shown]))(
    "names a test that exists: %s",
    (_claim, shown) => {
      const [, file = "", title = ""] = /^`([^`]+\.test\.ts)`: "(.+)"$/.exec(plain(shown)) ?? [];
      const found = named(file).filter((path) => {
        // As one writes the title of a test, alone or of a table.
        const source = readFileSync(path, "utf8");
        return ['"', "`"].some((quote) => source.includes(`${quote}${title}${quote}`));
      });
      expect(title).not.toBe("");
      expect(found).toHaveLength(1);
    },
  );
});

test.each(["volumes.md", "ai-results-conformance.md", "decisions/0003-analysis-uids-and-withdrawal.md"])(
  "every test file that docs/%s names exists",
  (document) => {
    const files = [...read(document).matchAll(/`([a-z0-9-]+\.test\.ts)`/g)].flatMap(([, file]) => file ?? []);
    expect(files.length).toBeGreaterThan(0);
    expect(files.filter((file) => named(file).length === 0)).toEqual([]);
  },
);
