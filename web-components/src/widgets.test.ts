import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { cli } from "@custom-elements-manifest/analyzer/cli.js";
import { describe, expect, test } from "vitest";
import { theme } from "./components/theme.js";

interface Named {
  readonly name: string;
}

interface Described {
  readonly tagName?: string;
  readonly attributes?: readonly Named[];
  readonly members?: readonly (Named & { readonly kind: string })[];
  readonly events?: readonly Named[];
  readonly cssParts?: readonly Named[];
  readonly cssProperties?: readonly Named[];
}

const folder = fileURLToPath(new URL("../", import.meta.url));
const document = readFileSync(new URL("../../docs/widgets.md", import.meta.url), "utf8")
  // Code in fences is an example.
  .replaceAll(/^```[^]*?^```$/gm, "");
const { modules } = (await cli({
  argv: ["analyze", "--config", "custom-elements-manifest.config.mjs", "--quiet"],
  cwd: folder,
  noWrite: true,
})) as { modules: readonly { declarations?: readonly Described[] }[] };
const elements = modules
  .flatMap(({ declarations = [] }) => declarations)
  .filter(({ tagName }) => tagName !== undefined);

/** Getters that only tests of the viewer read. */
const NOT_FOR_OTHERS: ReadonlySet<string> = new Set(["images", "stage"]);

const names = (all: readonly Named[] = []) => all.map(({ name }) => name);
const sectionOf = (heading: string) => document.split(`\n## ${heading}\n`)[1]?.split("\n## ")[0] ?? "";
/** What stands in code marks, without the arguments of a method. */
const spans = (text: string) =>
  [...text.matchAll(/`([^`]+)`/g)].map(([, code = ""]) => code.replace(/\(.*\)$/, ""));

test("the elements of docs/widgets.md are those of the manifest", () => {
  const documented = [...document.matchAll(/^## `<([\w-]+)>`$/gm)].map(([, tag]) => tag);
  expect(new Set(documented)).toEqual(new Set(elements.map(({ tagName }) => tagName)));
});

describe.each(elements.map((element) => [element.tagName ?? "", element] as const))(
  "<%s>",
  (tag, element) => {
    const section = sectionOf(`\`<${tag}>\``);
    const told = new Set(spans(section));
    const rows = section.split("\n").filter((line) => line.startsWith("| "));
    const events = names(element.events);
    const members = names(element.members);

    test("has all its attributes, properties, methods, parts and custom properties on the page", () => {
      const own = [element.attributes, element.members, element.cssParts, element.cssProperties].flatMap(
        names,
      );
      const missing = own.filter((name) => !told.has(name) && !NOT_FOR_OTHERS.has(name));
      expect(missing).toEqual([]);
    });

    test("has all its events on the page", () => {
      const everywhere = new Set(spans(document));
      expect(events.filter((name) => !told.has(name) && name !== "neuronova-token-request")).toEqual([]);
      expect(everywhere).toContain("neuronova-token-request");
      expect(events).toContain("neuronova-token-request");
    });

    test("has what the page tells of it", () => {
      const inTable = rows.flatMap((row) => {
        const [, first = "", second = ""] = row.split("|").map((cell) => cell.trim());
        return /^`/.test(first) ? spans(first) : first === "" && /^`/.test(second) ? spans(second) : [];
      });
      const known = new Set([...names(element.attributes), ...members]);
      expect(inTable.filter((name) => !known.has(name) && isName(name))).toEqual([]);
      const toldEvents = [...told].filter((name) => /^neuronova-[a-z-]+$/.test(name));
      expect(toldEvents.filter((name) => !events.includes(name))).toEqual([]);
      const toldProperties = [...told].filter((name) => name.startsWith("--neuronova-"));
      expect(toldProperties.filter((name) => !names(element.cssProperties).includes(name))).toEqual([]);
      const parts = spans(/(?:\| part +\| |Part: )([^|.]+)/.exec(section)?.[1] ?? "");
      expect(parts).toEqual(names(element.cssParts));
    });
  },
);

test("the theme's custom properties are those of the page", () => {
  const sheet = theme.map(({ cssText }) => cssText).join("");
  const own = new Set([...sheet.matchAll(/(--neuronova-[\w-]+):/g)].map(([, name]) => name));
  const documented = new Set(spans(sectionOf("Themes")).filter((span) => span.startsWith("--")));
  expect(documented).toEqual(own);
});

function isName(text: string): boolean {
  return /^[a-zA-Z]+$/.test(text);
}
