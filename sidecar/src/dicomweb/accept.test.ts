import { expect, test } from "vitest";
import { acceptableRepresentations } from "./accept.js";

test.each([
  ["multipart/related; type=application/octet-stream; transfer-syntax=*", ["htj2k-multipart"]],
  [
    'multipart/related; type="application/octet-stream"; transfer-syntax="1.2.840.10008.1.2.4.202"',
    ["htj2k-multipart"],
  ],
  ['multipart/related; type="image/jphc"', ["htj2k-multipart"]],
  ["image/jphc", ["htj2k-single"]],
  ["application/octet-stream; transfer-syntax=*", ["htj2k-single"]],
  ["image/jphc; transfer-syntax=1.2.840.10008.1.2.4.203", ["orthanc"]],
  ["multipart/related; type=application/octet-stream", ["orthanc"]],
  ["multipart/related; type=application/octet-stream; transfer-syntax=1.2.840.10008.1.2.1", ["orthanc"]],
  ["*/*", ["orthanc"]],
  [undefined, ["orthanc"]],
  ["image/jphc;q=0.5, multipart/related; type=application/octet-stream", ["orthanc", "htj2k-single"]],
  ["image/jphc;q=0, */*;q=0.1", ["orthanc"]],
  ["garbage", []],
])("Accept: %s", (accept, expected) => {
  expect(acceptableRepresentations(accept)).toEqual(expected);
});
