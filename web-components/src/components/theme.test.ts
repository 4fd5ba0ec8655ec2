import { describe, expect, test } from "vitest";
import { theme } from "./theme.js";

/** WCAG 2.2, 1.4.3. */
const LEAST_CONTRAST = 4.5;

/** The colours of a theme by name, read from the sheet itself; `at` is which block of it. */
function coloursOf(at: number): Map<string, string> {
  const sheet = theme[0]?.cssText ?? "";
  const block = sheet.split("{").filter((part) => part.includes("--neuronova-ink"))[at] ?? "";
  return new Map(
    [...block.matchAll(/--neuronova-([\w-]+): (#[0-9a-f]{6})/g)].map((found) => [
      found[1] ?? "",
      found[2] ?? "",
    ]),
  );
}

/** Relative luminance of sRGB (WCAG 2.2, definitions). */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255)
    .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

describe.each([
  ["light", 0],
  ["dark", 1],
  ["as the system is set", 2],
])("the theme: %s", (_name, at) => {
  const colours = coloursOf(at);
  const of = (name: string) => colours.get(name) ?? "";

  test.each(["ink", "muted", "accent", "good", "warn", "bad"])(
    "%s can be read on all that lies below it",
    (name) => {
      for (const ground of ["surface", "page", "hover"])
        expect(contrast(of(name), of(ground)), `${name} on ${ground}`).toBeGreaterThanOrEqual(LEAST_CONTRAST);
    },
  );

  test("what is written on the accent can be read, and fields have an edge that is seen", () => {
    expect(contrast(of("on-accent"), of("accent"))).toBeGreaterThanOrEqual(LEAST_CONTRAST);
    // WCAG 2.2, 1.4.11: what shows where a field is.
    expect(contrast(of("border"), of("surface"))).toBeGreaterThanOrEqual(3);
  });
});
