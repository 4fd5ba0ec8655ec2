import type { Plugin } from "vite";

/** Where libraries of the engine write into the browser's storage, and what stands there instead. */
const WRITERS = [
  {
    file: /@cornerstonejs\/core\/dist\/esm\/utilities\/renderingCapabilities\.js$/,
    text: "window.localStorage",
    instead: "undefined",
  },
  {
    file: /dcmjs\/build\/dcmjs\.es\.js$/,
    text: "persistLevelIfPossible(levelNum) {",
    instead: "persistLevelIfPossible(levelNum) { return;",
  },
] as const;

/**
 * The widgets keep nothing in the browser: they run on pages of others, whose storage is not theirs. A library that has
 * changed fails the build rather than writing again.
 */
export function keepNothing(): Plugin {
  const met = new Set<string>();
  return {
    name: "neuronova-keep-nothing",
    transform(code, id) {
      const writer = WRITERS.find(({ file }) => file.test(id.split("?")[0] ?? ""));
      if (writer === undefined) return null;
      if (!code.includes(writer.text)) this.error(`${id} no longer has ${writer.text}`);
      met.add(writer.text);
      return { code: code.replaceAll(writer.text, writer.instead), map: null };
    },
    buildEnd(error) {
      const missing = WRITERS.find(({ text }) => !met.has(text));
      if (error === undefined && missing !== undefined) this.error(`nothing matches ${missing.file.source}`);
    },
  };
}
