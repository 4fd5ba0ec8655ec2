import fc from "fast-check";
import { expect, test } from "vitest";
import { factsOf, matchStudy, type StudyToMatch } from "./match-study.js";
import type { PatientRow } from "./records.js";

const actor = { subject: "account:1", display: "" };
const patient = (id: string, rest: Partial<PatientRow> = {}): PatientRow => ({
  id,
  version: 1,
  createdAt: new Date(0),
  createdBy: actor,
  updatedAt: new Date(0),
  updatedBy: actor,
  status: "active",
  identifiers: [{ issuer: "H", value: "1" }],
  name: { alphabetic: { family: "Kim", given: "Minjun" } },
  birthDate: "1980-02-29",
  sex: "male",
  phone: null,
  email: null,
  address: null,
  patientKey: "",
  mergedInto: null,
  ...rest,
});
const study = (rest: Partial<StudyToMatch> = {}): StudyToMatch => ({
  studyId: "s",
  patientId: "1",
  issuerOfPatientId: "H",
  patientName: "Kim^Minjun",
  patientBirthDate: "19800229",
  patientSex: "M",
  accessionNumber: "",
  defaultIssuer: "",
  byIdentifier: patient("a"),
  byValue: [patient("a")],
  orders: [],
  ...rest,
});

test("issuer and id are the whole rule: who has them is the patient, nobody else is", () => {
  expect(matchStudy(study())).toMatchObject({ state: "linked", patientId: "a" });
  const nobody = matchStudy(study({ byIdentifier: null, byValue: [patient("a")] }));
  expect(nobody).toMatchObject({ state: "unmatched", patientId: null, candidates: [] });
});

test("without an issuer a study is one's only where a default issuer is set", () => {
  const without = { issuerOfPatientId: "" };
  expect(matchStudy(study({ ...without, defaultIssuer: "H" }))).toMatchObject({ state: "linked" });
  expect(matchStudy(study({ ...without, byValue: [patient("a"), patient("b")] }))).toMatchObject({
    state: "quarantined",
    reasons: ["issuer-missing"],
    candidates: ["a", "b"],
  });
  expect(matchStudy(study({ ...without, byValue: [] })).state).toBe("unmatched");
});

test("what contradicts is quarantined with every reason; what is empty or unknown contradicts nothing", () => {
  const contradicting = { patientBirthDate: "19810301", patientSex: "F", patientName: "Park^Jiwoo" };
  expect(matchStudy(study(contradicting))).toMatchObject({
    state: "quarantined",
    patientId: null,
    reasons: ["birth-date-differs", "sex-differs", "name-differs"],
    candidates: ["a"],
  });
  const silent = { patientBirthDate: "", patientSex: "", patientName: "" };
  expect(matchStudy(study(silent)).state).toBe("linked");
  const unknown = patient("a", { birthDate: null, sex: "unknown" });
  expect(
    matchStudy(study({ patientBirthDate: "19810301", patientSex: "F", byIdentifier: unknown })).state,
  ).toBe("linked");
});

test("an order of the patient is linked; one of another patient quarantines the study", () => {
  const mine = { id: "o1", patientId: "a" };
  const other = { id: "o2", patientId: "b" };
  expect(matchStudy(study({ orders: [mine, other] })).orderIds).toEqual(["o1"]);
  expect(matchStudy(study({ orders: [other] }))).toMatchObject({
    state: "quarantined",
    reasons: ["order-of-other-patient"],
    candidates: ["a", "b"],
  });
  expect(matchStudy(study({ byIdentifier: null, orders: [other] })).state).toBe("quarantined");
});

test("whatever a study says, it is linked to nobody but the patient with its issuer and id", () => {
  fc.assert(
    fc.property(
      fc.record({
        patientName: fc.string(),
        patientBirthDate: fc.constantFrom("", "19800229", "1980.02.29", "rubbish"),
        patientSex: fc.constantFrom("", "M", "F", "O", "?"),
        issuerOfPatientId: fc.constantFrom("", "H"),
        defaultIssuer: fc.constantFrom("", "H"),
        byIdentifier: fc.constantFrom(null, patient("a")),
        byValue: fc.constantFrom([], [patient("a"), patient("b")]),
      }),
      (rest) => {
        const match = matchStudy(study(rest));
        if (match.state === "linked") {
          expect(match.patientId).toBe(rest.byIdentifier?.id);
          expect(rest.issuerOfPatientId + rest.defaultIssuer).not.toBe("");
        } else expect(match.patientId).toBeNull();
        expect(match.state === "quarantined").toBe(match.reasons.length > 0);
      },
    ),
  );
});

test("facts change with what is decided on, and with nothing else", () => {
  const facts = factsOf(study());
  expect(factsOf(study({ byIdentifier: patient("a", { phone: "1", version: 2 }) }))).toBe(facts);
  for (const rest of [
    { patientName: "Lee" },
    { accessionNumber: "1" },
    { byIdentifier: patient("a", { sex: "female" }) },
    { orders: [{ id: "o", patientId: "b" }] },
  ])
    expect(factsOf(study(rest))).not.toBe(facts);
});
