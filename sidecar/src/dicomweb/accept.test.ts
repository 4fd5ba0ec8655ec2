import { expect, test } from "vitest";
import { acceptOf } from "./accept.js";
import { chooseRepresentation, frameRepresentations } from "./frame-representation.js";

const LITTLE = "1.2.840.10008.1.2.1";
const J2K = "1.2.840.10008.1.2.4.91";
const HTJ2K = "1.2.840.10008.1.2.4.201";

/** Of an instance with a rendition, one stored as JPEG 2000 without, and an HTJ2K one: s single, m multipart. */
const choices = (accept: string) =>
  (
    [
      [true, LITTLE],
      [false, J2K],
      [false, HTJ2K],
    ] as const
  ).map(([rendered, syntax]) => {
    const chosen = chooseRepresentation(frameRepresentations(accept), 1, rendered, syntax);
    return chosen === undefined ? "none" : `${chosen.content}-${chosen.multipart ? "m" : "s"}`;
  });

test.each([
  ["multipart/related; type=application/octet-stream; transfer-syntax=*", "htj2k-m stored-m stored-m"],
  ['multipart/related; type="application/octet-stream; transfer-syntax=*"', "htj2k-m stored-m stored-m"],
  ['multipart/related; type="image/jphc"', "htj2k-m none stored-m"],
  ["image/jphc", "htj2k-s none stored-s"],
  ["image/jphc; transfer-syntax=1.2.840.10008.1.2.4.203", "none none none"],
  [`image/jphc; transfer-syntax=${HTJ2K}`, "none none stored-s"],
  ["image/jphc; transfer-syntax=1.2.840.10008.1.2.1", "none none none"],
  ["application/octet-stream; transfer-syntax=*", "htj2k-s stored-s stored-s"],
  ["application/octet-stream", "decoded-s decoded-s none"],
  ["multipart/related", "decoded-m decoded-m none"],
  ["*/*", "decoded-m decoded-m none"],
  ["image/jphc;q=0.5, multipart/related; type=application/octet-stream", "decoded-m decoded-m stored-s"],
  ["image/jphc;q=0, */*;q=0.1", "decoded-m decoded-m none"],
  ["image/jphc;q=0, application/octet-stream; transfer-syntax=*", "stored-s stored-s none"],
  ["application/octet-stream;q=0, */*;q=0.1", "none none none"],
  ["image/jp2", "none stored-s none"],
  ["image/*", "htj2k-s stored-s stored-s"],
  ["text/html", "none none none"],
  ["garbage", "none none none"],
])("Accept: %s", (accept, expected) => {
  expect(choices(accept).join(" ")).toBe(expected);
});

test("several frames never come as one", () => {
  const representations = frameRepresentations("image/jphc, multipart/related; type=image/jphc; q=0.5");
  expect(chooseRepresentation(representations, 2, true, LITTLE)?.multipart).toBe(true);
  expect(chooseRepresentation(frameRepresentations("image/jphc"), 2, true, LITTLE)).toBeUndefined();
});

test("an accept parameter stands in for the header", () => {
  expect(acceptOf("text/html", "a=1&accept=image%2Fjphc")).toBe("image/jphc");
  expect(acceptOf("text/html", "acceptance=1")).toBe("text/html");
  expect(acceptOf(undefined, "")).toBe("*/*");
});
