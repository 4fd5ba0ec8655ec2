import { expect, test } from "vitest";
import type { PatientRow } from "../emr/records.js";
import { contradictions, differingMembers, patientBody, publicIdOf } from "./patient-body.js";

const actor = { subject: "user:1", display: "A" };
const patient: PatientRow = {
  id: "6f1d7a54-5f6e-4a43-9a3c-0d3f5f6c1e11",
  version: 1,
  createdAt: new Date(0),
  createdBy: actor,
  updatedAt: new Date(0),
  updatedBy: actor,
  status: "active",
  identifiers: [
    { issuer: "OTHER", value: "X-1" },
    { issuer: "HOSPITAL", value: "MRN-1" },
  ],
  name: { phonetic: { family: "홍", given: "길동" }, alphabetic: { family: "Hong", given: "Gildong" } },
  birthDate: "1970-01-31",
  sex: "male",
  phone: null,
  email: "hong@example.org",
  address: { line: "1 Road", city: "Seoul", state: "", postalCode: "04524", country: "KR" },
  patientKey: "0".repeat(64),
  mergedInto: null,
};

test("a patient's public identifier in OpenEMR is the one its own authority assigned, or there is none", () => {
  expect(publicIdOf(patient, "HOSPITAL")).toBe("MRN-1");
  expect(publicIdOf(patient, "hospital")).toBeNull();
});

test("names go in Latin letters where there are such, else as people write them here", () => {
  expect(patientBody(patient, "MRN-1")).toMatchObject({ fname: "Gildong", lname: "Hong", sex: "Male" });
  const { phonetic } = patient.name;
  expect(patientBody({ ...patient, name: { phonetic } }, "MRN-1")).toMatchObject({
    fname: "길동",
    lname: "홍",
  });
});

test("what OpenEMR demands and nobody knows is not invented", () => {
  expect(() => patientBody({ ...patient, birthDate: null }, "MRN-1")).toThrow("without birth date");
});

test("sex and birth date name the person and may contradict; what is not said contradicts nothing", () => {
  const body = patientBody(patient, "MRN-1");
  expect(contradictions(body, { ...body, DOB: "1971-01-31" })).toEqual(["DOB"]);
  expect(contradictions(body, { ...body, sex: "UNK" })).toEqual([]);
  expect(contradictions(body, { ...body, city: "Busan" })).toEqual([]);
  expect(differingMembers(body, { ...body, city: "Busan" })).toEqual(["city"]);
});
