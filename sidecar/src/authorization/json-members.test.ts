import fc from "fast-check";
import { expect, test } from "vitest";
import { hasDuplicateMembers } from "./json-members.js";

test("JSON that an object was written as has no member twice", () => {
  fc.assert(
    fc.property(fc.json(), fc.constantFrom(undefined, 2), (json, indent) => {
      expect(hasDuplicateMembers(JSON.stringify(JSON.parse(json), null, indent))).toBe(false);
    }),
  );
});

test("a member added once more is found, at whatever depth, whatever stands around it", () => {
  fc.assert(
    fc.property(fc.string(), fc.jsonValue(), fc.jsonValue(), fc.nat(5), (name, first, second, depth) => {
      const key = JSON.stringify(name);
      const twice = `{"other-${name.length}":[],${key}:${JSON.stringify(first)} , ${key} :${JSON.stringify(second)}}`;
      const nested = `${'[{"a":'.repeat(depth)}${twice}${"}]".repeat(depth)}`;
      JSON.parse(nested);
      expect(hasDuplicateMembers(nested)).toBe(true);
    }),
  );
});

test.each([
  ['{"a":1,"\\u0061":2}', true],
  ['{"a":"b","b":"a"}', false],
  ['{"a":{"a":1}}', false],
  ['[{"a":1},{"a":1}]', false],
  ['{"a":"\\",\\"a\\":"}', false],
  ['{"":1,"":2}', true],
])("%s: %s", (json, expected) => {
  expect(hasDuplicateMembers(json)).toBe(expected);
});
