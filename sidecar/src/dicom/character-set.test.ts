import { describe, expect, test } from "vitest";
import { decodeText } from "./character-set.js";

const bytes = (text: string) => Buffer.from(text, "latin1");

describe("text by Specific Character Set", () => {
  test.each([
    // PS3.5 H.3.1, H.3.2, I.2, J.1, K.1
    ["\x1b$B;3ED\x1b(B", ["", "ISO 2022 IR 87"], "山田"],
    ["\xd4\xcf\xc0\xde", ["ISO 2022 IR 13", "ISO 2022 IR 87"], "ﾔﾏﾀﾞ"],
    ["\x1b$B;3ED\x1b(J", ["ISO 2022 IR 13", "ISO 2022 IR 87"], "山田"],
    ["\x1b$)C\xfb\xf3", ["", "ISO 2022 IR 149"], "洪"],
    ["A-\x1b$)C\xb1\xe6\xb5\xbf-1", ["", "ISO 2022 IR 149"], "A-길동-1"],
    ["\xe6\xb4\xaa", ["ISO_IR 192"], "洪"],
    ["\xcd\xf5", ["GB18030"], "王"],
    ["\xcd\xf5", ["GBK"], "王"],
    ["\x1b$)A\xcd\xf5", ["", "ISO 2022 IR 58"], "王"],
    ["Buc^J\xe9r\xf4me", ["ISO_IR 100"], "Buc^Jérôme"],
    ["\xc4neas", ["ISO 2022 IR 100"], "Äneas"],
    ["\xbb\xee", ["ISO_IR 144"], "Лю"],
    ["\xc4\xe9", ["ISO_IR 126"], "Δι"],
    ["\xf9\xf8", ["ISO_IR 138"], "שר"],
    ["\xe2\xc8", ["ISO_IR 127"], "قب"],
    ["\x1b-F\xc4\xe9\x1b-L\xbb\xee", ["ISO 2022 IR 100", "ISO 2022 IR 126", "ISO 2022 IR 144"], "ΔιЛю"],
    ["\xa4", ["ISO_IR 203"], "€"],
    ["plain-1", [], "plain-1"],
    ["plain-1", ["ISO_IR 4711"], "plain-1"],
    ["", ["ISO_IR 192"], ""],
  ] as const)("%j in %j is %s", (text, terms, expected) => {
    expect(decodeText(bytes(text), terms)).toBe(expected);
  });

  test.each([
    ["bytes beyond ASCII without a character set", "\xe9", []],
    ["an unknown character set", "\xe9", ["ISO_IR 4711"]],
    ["Latin-1 said to be UTF-8", "\xe9", ["ISO_IR 192"]],
    ["a cut two-byte character", "\x1b$)C\xfb", ["", "ISO 2022 IR 149"]],
    ["Korean without its escape sequence", "\xfb\xf3", ["", "ISO 2022 IR 149"]],
    ["an unknown escape sequence", "\x1b$)Zab", ["", "ISO 2022 IR 149"]],
    ["a control character", "a\x07b", []],
    ["a C1 control in Latin-1", "\x85", ["ISO_IR 100"]],
    ["UTF-8 with code extension", "\xe6\xb4\xaa", ["ISO_IR 192", "ISO 2022 IR 149"]],
    ["half a kanji", "\x1b$B;", ["", "ISO 2022 IR 87"]],
    ["Shift JIS said to be JIS X 0201", "\x8e\x52", ["ISO_IR 13"]],
  ] as const)("%s is nothing", (_name, text, terms) => {
    expect(decodeText(bytes(text), terms)).toBeUndefined();
  });
});
