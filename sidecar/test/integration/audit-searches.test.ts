import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { AuditLog } from "../stack/audit-log.js";
import { People, imageOf } from "../stack/people.js";
import { RunningStack } from "../stack/running-stack.js";

let stack: RunningStack;
let people: People;
let audit: AuditLog;
const hers = imageOf(1, "P-1", "Hers^Patient");
const his = imageOf(2, "P-2", "His^Patient");

beforeAll(async () => {
  stack = await RunningStack.start();
  people = new People(stack);
  audit = new AuditLog(stack);
  await people.store(hers.bytes, his.bytes);
});

afterAll(async () => {
  await audit.close();
  await stack.stop();
});

const get = async (token: string, path: string) => (await people.call(token, "GET", path)).status;

describe("a search or list", () => {
  const shownTo = async (user: string) =>
    (await audit.entries({ user }))
      .filter(({ action, target }) => ["search", "list"].includes(action) && target === "shown")
      .map(({ action, patientId }) => `${action} ${patientId ?? ""}`)
      .sort();

  test("of somebody who reaches some studies has a row for each study it has shown", async () => {
    const token = await people.token("searching-patient", "patient", { patient: { patientId: "P-1" } });
    for (let time = 0; time < 3; time += 1) {
      expect(await get(token, "/dicom-web/studies?PatientName=Hers*")).toBe(200);
      expect(await get(token, "/dicom-web/instances")).toBe(200);
    }
    expect(await get(token, "/dicom-web/studies?PatientName=His*")).toBe(200);
    expect(await get(token, "/api/studies")).toBe(200);
    expect(await shownTo("searching-patient")).toEqual(["list P-1", "search P-1"]);
    const [entry] = await audit.until(
      "the counts",
      { user: "searching-patient", action: "search", study: hers.studyInstanceUid },
      ([found]) => found?.requests === 6,
    );
    expect(entry).toMatchObject({ target: "shown", patientId: "P-1", outcome: "granted", role: "patient" });
    const kinds = (await audit.entries({ user: "searching-patient", action: "search" })).map(
      ({ target }) => target,
    );
    expect(kinds.sort()).toEqual(["searchInstances", "searchStudies by PatientName", "shown"]);
  });

  test("for one patient is found again by that patient, also of somebody who reaches all", async () => {
    const token = await people.token("searching-doctor", "doctor");
    expect(await get(token, "/api/studies")).toBe(200);
    expect(await get(token, "/dicom-web/studies?PatientName=H*")).toBe(200);
    expect(await get(token, "/dicom-web/studies?PatientID=P-none")).toBe(200);
    expect(await shownTo("searching-doctor")).toEqual([]);
    expect(await get(token, "/api/studies?query=Hers")).toBe(200);
    expect(await get(token, "/dicom-web/studies?PatientID=P-2")).toBe(200);
    expect(await get(token, `/dicom-web/series?0020000D=${hers.studyInstanceUid}`)).toBe(200);
    expect(await shownTo("searching-doctor")).toEqual(["list P-1", "search P-1", "search P-2"]);
    expect((await audit.entries({ user: "searching-doctor", patient: "P-2" })).length).toBe(1);
  });
});
