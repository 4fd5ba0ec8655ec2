import { describe, expect, test } from "vitest";
import { patientKeyOf } from "../dicom/patient-key.js";
import { problemOf } from "../error-response.js";
import { permissionsOf, type UserRole } from "./permissions.js";
import { StateUnavailable } from "../state/state-error.js";
import { createPrincipal, isUnrestricted, type Identity } from "./principal.js";
import { StudyAccess } from "./study-access.js";
import type { StudyFacts } from "./study-directory.js";
import { EVERY_STUDY, studyFilterOf } from "./study-filter.js";

const later = new Date(Date.now() + 60_000);
const HER = { patientId: "P-1", issuerOfPatientId: "" };
const study = (studyInstanceUid: string, patientId: string, ...labels: string[]): StudyFacts => ({
  studyInstanceUid,
  orthancId: studyInstanceUid,
  patientKey: patientKeyOf({ patientId, issuerOfPatientId: "" }),
  labels,
});
const STUDIES = [
  study("1.1", "P-1", "cardio"),
  study("1.2", "P-2"),
  study("1.3", "P-1"),
  study("1.3", "P-2"),
];

function principal(role: UserRole, change: Partial<Identity> = {}, expiresAt = later) {
  const identity: Identity = {
    subject: "account:1",
    kind: "account",
    displayName: "",
    role,
    permissions: permissionsOf(role),
    labels: ["*"],
    patient: null,
    studyInstanceUids: null,
    grants: [],
    ...change,
  };
  return createPrincipal(identity, "jti", expiresAt);
}

function accessOver(studies = STUDIES) {
  const asked: string[] = [];
  const access = new StudyAccess({
    byUid: (uid) => {
      asked.push(uid);
      return Promise.resolve(studies.filter(({ studyInstanceUid }) => studyInstanceUid === uid));
    },
    byOrthancId: () => Promise.resolve(null),
    labels: () => Promise.resolve([]),
    uidsWithin: () => Promise.resolve([]),
  });
  return { access, asked };
}

const granted = { granted: true, breakGlassId: null };
const denied = (reason: string) => ({ granted: false, reason });

describe("access to a study", () => {
  const patient = principal("patient", { patient: HER });
  const cardiologist = principal("doctor", { labels: ["cardio"] });
  const nobody = principal("patient");
  const link = principal("external", { studyInstanceUids: ["1.2"] });

  test.each([
    ["a doctor", principal("doctor"), "1.1", granted],
    ["a doctor, to a study that is not known yet", principal("doctor"), "9.9", granted],
    ["a patient, to their own", patient, "1.1", granted],
    ["a patient, to another's", patient, "1.2", denied("study-of-another-patient")],
    ["a patient, to a UID they share with another", patient, "1.3", denied("study-of-another-patient")],
    ["a patient, to an unknown one", patient, "9.9", denied("study-unknown")],
    ["the role patient without an identity", nobody, "1.1", denied("study-not-listed")],
    ["a doctor restricted to its label", cardiologist, "1.1", granted],
    ["a doctor restricted to another label", cardiologist, "1.2", denied("label-missing")],
    ["a doctor without any label", principal("doctor", { labels: [] }), "1.1", denied("label-missing")],
    ["a share link to it", link, "1.2", granted],
    ["a share link to another", link, "1.1", denied("study-not-listed")],
    ["a token that has ended", principal("doctor", {}, new Date(0)), "1.1", denied("token-expired")],
  ])("%s", async (_name, who, uid, decision) => {
    expect(await accessOver().access.decide(who, "view", uid)).toEqual(decision);
  });

  test("needs the permission, whoever it is", async () => {
    const { access } = accessOver();
    expect(await access.decide(patient, "share", "1.1")).toEqual(denied("permission-missing"));
    expect(await access.decide(principal("doctor"), "delete", "1.1")).toEqual(denied("permission-missing"));
  });

  test("by break-glass is for looking at that study or patient, while it lasts", async () => {
    const grant = { id: 5, studyInstanceUid: "1.2", patientKey: null, expiresAt: later };
    const who = principal("doctor", { labels: ["cardio"], grants: [grant] });
    const { access } = accessOver();
    expect(await access.decide(who, "view", "1.2")).toEqual({ granted: true, breakGlassId: 5 });
    expect(await access.decide(who, "share", "1.2")).toEqual(denied("label-missing"));
    expect(await access.decide(who, "view", "1.3")).toEqual(denied("label-missing"));
    const ended = principal("doctor", { labels: [], grants: [{ ...grant, expiresAt: new Date(0) }] });
    expect(await access.decide(ended, "view", "1.2")).toEqual(denied("label-missing"));
    const ofPatient = { ...grant, studyInstanceUid: null, patientKey: patientKeyOf(HER) };
    const other = principal("doctor", { labels: [], grants: [ofPatient] });
    expect(await access.decide(other, "view", "1.1")).toEqual({ granted: true, breakGlassId: 5 });
    expect(await access.decide(other, "view", "1.2")).toEqual(denied("label-missing"));
  });

  test("asks the database once for the frames of a study, and never for those who reach all", async () => {
    const { access, asked } = accessOver();
    for (let frame = 0; frame < 100; frame += 1) await access.demand(patient, "view", "1.1");
    await access.demand(principal("doctor"), "view", "1.2");
    expect(asked).toEqual(["1.1"]);
    expect(access.peek(patient, "view", "1.1")).toEqual(granted);
  });

  test("that is refused does not tell whether the study exists", async () => {
    const { access } = accessOver();
    const refusal = (uid: string) => access.demand(patient, "view", uid).catch((error: unknown) => error);
    // What the client is told; the audit trail is told more.
    expect(problemOf(await refusal("1.2"))).toEqual(problemOf(await refusal("9.9")));
    expect(await refusal("1.2")).toMatchObject({ status: 403, code: "study-forbidden" });
  });
});

describe("what is known of a study", () => {
  const patient = principal("patient", { patient: HER });
  const over = (clock: { now: number }, answers: (() => Promise<StudyFacts[]>)[]) =>
    new StudyAccess(
      {
        byUid: () => answers.shift()?.() ?? Promise.reject(new Error("asked too often")),
        byOrthancId: () => Promise.resolve(null),
        labels: () => Promise.resolve([]),
        uidsWithin: () => Promise.resolve([]),
      },
      () => clock.now,
    );
  const her = () => Promise.resolve([study("1.1", "P-1")]);
  const another = () => Promise.resolve([study("1.1", "P-2")]);
  const away = () => Promise.reject(new StateUnavailable("the database does not answer"));

  test("is five seconds old at most, and looked up again at once when labels changed", async () => {
    const clock = { now: 0 };
    const access = over(clock, [her, another, her]);
    expect(await access.mayView(patient, "1.1")).toBe(true);
    clock.now = 4_999;
    expect(await access.mayView(patient, "1.1")).toBe(true);
    clock.now = 5_000;
    expect(await access.mayView(patient, "1.1")).toBe(false);
    access.forgetStudies();
    expect(await access.mayView(patient, "1.1")).toBe(true);
  });

  test("goes on for a minute while the database is away", async () => {
    const clock = { now: 0 };
    const access = over(clock, [her, away, away]);
    await access.mayView(patient, "1.1");
    clock.now = 59_999;
    expect(await access.mayView(patient, "1.1")).toBe(true);
    clock.now = 60_000;
    await expect(access.mayView(patient, "1.1")).rejects.toBeInstanceOf(StateUnavailable);
  });
});

describe("the filter for lists", () => {
  test("holds back nothing from those who reach all", () => {
    expect(isUnrestricted(principal("doctor"))).toBe(true);
    expect(studyFilterOf(principal("doctor"))).toEqual(EVERY_STUDY);
  });

  test("keeps a patient to their own studies and a restricted doctor to labels and opened studies", () => {
    expect(studyFilterOf(principal("patient", { patient: HER }))).toEqual({
      ...EVERY_STUDY,
      patientKey: patientKeyOf(HER),
    });
    const grants = [
      { id: 1, studyInstanceUid: "1.2", patientKey: null, expiresAt: later },
      { id: 2, studyInstanceUid: "1.3", patientKey: null, expiresAt: new Date(0) },
    ];
    expect(studyFilterOf(principal("doctor", { labels: ["cardio"], grants }))).toEqual({
      ...EVERY_STUDY,
      labels: ["cardio"],
      granted: { studyInstanceUids: ["1.2"], patientKeys: [] },
    });
  });

  test("lets nothing through for the role patient without an identity", () => {
    expect(studyFilterOf(principal("patient"))).toMatchObject({ studyInstanceUids: [] });
    expect(isUnrestricted(principal("patient"))).toBe(false);
  });
});
