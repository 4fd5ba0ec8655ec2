import { expect, test } from "vitest";
import { allowedAttributes, errorType, type SpanAttributes } from "./attributes.js";

const ID = "11111111-22222222-33333333-44444444-55555555";

test("what the list has passes", () => {
  const attributes = {
    "neuronova.resource": "study",
    "neuronova.outcome": "not-renderable",
    "neuronova.attempt": 2,
    "orthanc.instance": ID,
    "dicom.transfer_syntax": "1.2.840.10008.1.2.4.90",
    "error.type": "archive-busy",
  };
  expect(allowedAttributes(attributes)).toEqual(attributes);
});

test.each([
  ["a name that the list has not", { "patient.name": "Hong^Gildong" }],
  ["a name of every object", { constructor: "x", toString: "y" }],
  ["a patient where an outcome is meant", { "neuronova.outcome": "Hong^Gildong" }],
  ["a patient's id where an Orthanc id is meant", { "orthanc.instance": "DEMO-0001" }],
  ["a UID that is no transfer syntax", { "dicom.transfer_syntax": "2.25.19700101" }],
  ["a sentence where a code is meant", { "error.type": "no such patient: Hong^Gildong" }],
  ["a token", { "neuronova.resource": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln" }],
  ["a line break", { "neuronova.outcome": "done\nHong" }],
])("%s does not", (_what, attributes) => {
  expect(allowedAttributes(attributes as SpanAttributes)).toEqual({});
});

test("of a fault its code is told, and never its message", () => {
  expect(errorType(Object.assign(new Error("Hong^Gildong"), { code: "fhir-refused" }))).toBe("fhir-refused");
  expect(errorType(Object.assign(new Error("x"), { code: "ER_DUP_ENTRY Hong" }))).toBe("unknown-fault");
  expect(errorType("Hong^Gildong")).toBe("unknown-fault");
  expect(errorType(null)).toBe("unknown-fault");
});
