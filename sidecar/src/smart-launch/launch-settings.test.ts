import { expect, test } from "vitest";
import { launchingEmrsSchema } from "./launch-settings.js";

const emr = {
  iss: "https://emr.example.org/fhir/",
  clientId: "neuronova",
  roles: { Practitioner: "doctor" },
  patientIdSystem: "urn:oid:1.2.3",
};

test("what is not said is as the documentation has it", () => {
  expect(launchingEmrsSchema.parse([emr])[0]).toMatchObject({
    iss: "https://emr.example.org/fhir",
    scope: "openid fhirUser launch patient/Patient.read",
    algorithms: ["RS256"],
    labels: ["*"],
    issuerOfPatientId: "",
    sessionSeconds: 3_600,
  });
});

test.each([
  ["plain HTTP", { ...emr, iss: "http://emr.example.org/fhir" }],
  ["a role that does not exist", { ...emr, roles: { Practitioner: "surgeon" } }],
  ["no system of identifiers", { ...emr, patientIdSystem: "" }],
  ["a secret and a key", { ...emr, clientSecret: "s", clientKey: { kty: "RSA", kid: "1", n: "n", d: "d" } }],
  ["a public key", { ...emr, clientKey: { kty: "RSA", kid: "1", n: "n", e: "AQAB" } }],
  ["a day and more", { ...emr, sessionSeconds: 90_000 }],
  ["a word that is no setting", { ...emr, patientSystem: "urn:oid:1.2.3" }],
])("refuses %s", (_name, settings) => {
  expect(launchingEmrsSchema.safeParse([settings]).success).toBe(false);
});

test("refuses one EMR twice, with and without the slash at its end", () => {
  expect(launchingEmrsSchema.safeParse([emr, { ...emr, iss: "https://emr.example.org/fhir" }]).success).toBe(
    false,
  );
});
