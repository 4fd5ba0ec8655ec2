import { describe, expect, test } from "vitest";
import { DataSet } from "../dicom/data-set.js";
import { readKeyObjectSelection } from "./read-document.js";
import { namesKeyImages } from "./titles.js";
import { KEY_OBJECT_SELECTION_STORAGE } from "./write-document.js";

const text = (value: string) => ({ Type: "String", Value: value });
const sequence = (...items: object[]) => ({ Type: "Sequence", Value: items });
const code = (value: string, meaning: string) =>
  sequence({ "0008,0100": text(value), "0008,0102": text("DCM"), "0008,0104": text(meaning) });
const document = (rest: object) =>
  readKeyObjectSelection(
    DataSet.fromOrthancTags({
      "0008,0016": text(KEY_OBJECT_SELECTION_STORAGE),
      "0008,0018": text("1.2"),
      "0020,000e": text("1.3"),
      ...rest,
    }),
  );
const item = (valueType: string, rest: object) => ({ "0040,a040": text(valueType), ...rest });
const reference = (uid: string, frames?: string) => ({
  "0008,1199": sequence({
    "0008,1155": text(uid),
    ...(frames === undefined ? {} : { "0008,1160": text(frames) }),
  }),
});

describe("a key object document", () => {
  test("is read with title, description, observer and the images it names", () => {
    const read = document({
      "0008,0023": text("20250301"),
      "0008,0033": text("093000"),
      "0040,a043": code("113000", "Of Interest"),
      "0040,a730": sequence(
        item("PNAME", { "0040,a043": code("121008", "Person Observer Name"), "0040,a123": text("Doe^Jane") }),
        item("TEXT", { "0040,a043": code("113012", "Key Object Description"), "0040,a160": text("Look") }),
        item("IMAGE", reference("1.2.3", "4\\2")),
        item("IMAGE", reference("1.2.4")),
        item("COMPOSITE", reference("1.2.5")),
      ),
    });
    expect(read).toEqual({
      sopInstanceUid: "1.2",
      seriesInstanceUid: "1.3",
      title: { value: "113000", scheme: "DCM", meaning: "Of Interest" },
      description: "Look",
      observer: "Doe^Jane",
      date: "20250301",
      time: "093000",
      instances: [
        { sopInstanceUid: "1.2.3", frameNumbers: [4, 2] },
        { sopInstanceUid: "1.2.4", frameNumbers: [] },
      ],
    });
  });

  test("without content names nothing, and what is missing is empty", () => {
    expect(document({})).toMatchObject({
      title: { value: "", scheme: "", meaning: "" },
      description: "",
      instances: [],
    });
    expect(document({ "0040,a730": sequence(item("IMAGE", {})) })?.instances).toEqual([]);
  });

  test("of another SOP Class is none", () => {
    expect(document({ "0008,0016": text("1.2.840.10008.5.1.4.1.1.88.22") })).toBeUndefined();
  });
});

test("a document that rejects or lists names no key images; one with a title of its own does", () => {
  const named = (value: string, scheme = "DCM") => namesKeyImages({ value, scheme, meaning: "" });
  expect(["113000", "113013", "113018"].map((value) => named(value))).toEqual([true, true, true]);
  expect(["113001", "113030", "113037", "113039"].map((value) => named(value))).toEqual([
    false,
    false,
    false,
    false,
  ]);
  expect(named("113001", "99ELSEWHERE")).toBe(true);
});
