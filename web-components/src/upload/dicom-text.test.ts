import { expect, test } from "vitest";
import { dicomText } from "./dicom-text.js";

const latin1 = (text: string) => Buffer.from(text, "latin1");

test.each([
  ["plain ASCII without a set", latin1("Kim^Minsu "), "", "Kim^Minsu"],
  ["UTF-8", Buffer.from("홍^길동"), "ISO_IR 192", "홍^길동"],
  ["Latin-1", latin1("M\xfcller^J\xf6rg"), "ISO_IR 100", "Müller^Jörg"],
  // PS3.5 annex I.2.
  [
    "Korean by code extension",
    latin1("Hong^Gildong=\x1b$)C\xfb\xf3^\x1b$)C\xd1\xce\xd4\xd7=\x1b$)C\xc8\xab^\x1b$)C\xb1\xe6\xb5\xbf"),
    "\\ISO 2022 IR 149",
    "Hong^Gildong=洪^吉洞=홍^길동",
  ],
  // PS3.5 annex H.3.1.
  [
    "Japanese by code extension",
    latin1("Yamada^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B"),
    "\\ISO 2022 IR 87",
    "Yamada^Tarou=山田^太郎",
  ],
])("%s", (_name, bytes, terms, text) => {
  expect(dicomText(bytes, terms)).toBe(text);
});

test.each([
  ["bytes that are not of the set", Buffer.from([0xc8, 0x41]), "ISO_IR 192"],
  ["a set that is not known", latin1("\xe4"), "ISO_IR 999"],
  ["no set at all", latin1("\xe4"), ""],
  ["an escape the set has not", latin1("\x1b$B;3\xe4"), "ISO_IR 100"],
])("nothing is made of %s", (_name, bytes, terms) => {
  expect(dicomText(bytes, terms)).toBeUndefined();
});
