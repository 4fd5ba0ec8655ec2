import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { EventRecorder } from "../stack/event-recorder.js";
import { People } from "../stack/people.js";
import { ReviewedResults } from "../stack/reviewed-results.js";
import { RunningStack } from "../stack/running-stack.js";
import { dataSetOf } from "../validators/orthanc-tags.js";
import { TAG } from "../../src/dicom/tag.js";

interface Started {
  readonly stack: RunningStack;
  readonly events: EventRecorder;
  readonly results: ReviewedResults;
  readonly people: People;
}

async function start(settings: Record<string, string>): Promise<Started> {
  const stack = await RunningStack.start({
    settings: { NEURONOVA_STABLE_AFTER_SECONDS: "0.5", ...settings },
  });
  const events = await stack.events();
  return { stack, events, results: new ReviewedResults(stack, events), people: new People(stack) };
}

describe("held for review, a result", () => {
  let stack: RunningStack;
  let events: EventRecorder;
  let results: ReviewedResults;
  let people: People;
  let doctor: string;
  let nurse: string;

  beforeAll(async () => {
    ({ stack, events, results, people } = await start({ NEURONOVA_REVIEW_POLICY: "hold-for-review" }));
    doctor = await people.token("held-doctor", "doctor", {});
    nurse = await people.token("held-nurse", "nurse", {});
  });

  afterAll(async () => {
    events.close();
    await stack.stop();
  });

  let study: string;
  let id: number;
  let sop: string;

  test("is neither in Orthanc nor in FHIR, and shows its figures to reviewers alone", async () => {
    ({ study, id } = await results.analysed(101));
    await events.until("FHIR has the study", () => events.of("study.synchronised", study).length > 0);
    expect(await results.stored(study)).toEqual([]);
    expect(await results.everythingInFhir(id)).toEqual([]);
    const seenBy = async (token: string) =>
      (await people.call<{ results: Record<string, unknown>[] }>(token, "GET", `/api/studies/${study}`)).body
        .results[0];
    const forDoctor = await seenBy(doctor);
    expect(forDoctor).toMatchObject({ held: true, review: null, verification: "UNVERIFIED" });
    expect(forDoctor?.["segments"]).toHaveLength(1);
    const forNurse = await seenBy(nurse);
    expect(forNurse).toMatchObject({ held: true, segments: [], scores: [] });
    expect(forNurse).not.toHaveProperty("report");
    expect((await people.call(nurse, "GET", `/api/ai/results/${id}`)).status).toBe(404);
    expect((await people.call(doctor, "GET", `/api/ai/results/${id}`)).status).toBe(200);
  });

  test("is served for review, object by object, to reviewers alone", async () => {
    const { objects } = await results.result(id);
    expect(objects).toHaveLength(2);
    sop = objects[0]?.sopInstanceUid ?? "";
    for (const { sopInstanceUid } of objects) {
      const path = `/api/ai/results/${id}/objects/${sopInstanceUid}`;
      const response = await stack.fetch(path, { headers: { Authorization: `Bearer ${doctor}` } });
      expect(response.headers.get("Content-Type")).toBe("application/dicom");
      const file = new Uint8Array(await response.arrayBuffer());
      expect(dataSetOf(file).text(TAG.SOPInstanceUID)).toBe(sopInstanceUid);
      expect((await people.call(nurse, "GET", path)).status).toBe(403);
    }
    expect((await people.call(doctor, "GET", `/api/ai/results/${id}/objects/2.25.1`)).status).toBe(404);
  });

  test("is in both once it is accepted, verified, and held no more", async () => {
    await results.decided(id, study, { decision: "accepted" }, doctor);
    const stored = await results.stored(study);
    expect(stored.map(({ modality }) => modality)).toEqual(["SEG", "SR"]);
    expect(stored[0]?.sopInstanceUid).toBe(sop);
    expect(stored[1]?.tags).toMatchObject({ VerificationFlag: "VERIFIED" });
    await results.inFhir(id, "final");
    expect((await results.result(id)).held).toBe(false);
    expect((await people.call(doctor, "GET", `/api/ai/results/${id}/objects/${sop}`)).status).toBe(404);
  });

  test("rejected leaves nothing anywhere but the decision", async () => {
    const other = await results.analysed(202);
    await results.decided(other.id, other.study, { decision: "rejected", reason: "wrong-series" }, doctor);
    expect(await results.stored(other.study)).toEqual([]);
    expect(await results.everythingInFhir(other.id)).toEqual([]);
    const { history, objects } = await results.result(other.id);
    expect(history).toMatchObject([{ decision: "rejected", reason: "wrong-series", state: "applied" }]);
    expect(objects).toEqual([]);
  });

  test("that an image comes late for is made anew and held: what was accepted is withdrawn", async () => {
    const late = await results.analysed(203, { slices: 20 });
    await results.decided(late.id, late.study, { decision: "accepted" }, doctor);
    await results.inFhir(late.id, "final");
    await stack.storeOverDicom(late.files.slice(20));
    await results.nextResult(late.study, 2);
    expect(await results.stored(late.study)).toEqual([]);
    expect(await results.result(late.id)).toMatchObject({ held: true, review: null });
    await results.inFhir(late.id, "entered-in-error");
    const { reportSopInstanceUid } = await results.result(late.id);
    await results.review(late.id, { decision: "accepted", reportSopInstanceUid }, doctor);
    await results.applied(late.study, 2);
    await results.inFhir(late.id, "amended");
    expect((await results.stored(late.study)).map(({ modality }) => modality)).toEqual(["SEG", "SR"]);
  });
});

describe("with rejected results deleted", () => {
  let started: Started;

  beforeAll(async () => {
    started = await start({ NEURONOVA_REJECTED_RESULTS: "delete" });
  });

  afterAll(async () => {
    started.events.close();
    await started.stack.stop();
  });

  test("nothing of one remains in Orthanc", async () => {
    const { results } = started;
    const { id, study } = await results.analysed(204);
    expect(await results.stored(study)).toHaveLength(2);
    await results.decided(id, study, { decision: "rejected", reason: "other", comment: "Test." });
    expect(await results.stored(study)).toEqual([]);
    await results.inFhir(id, "entered-in-error");
  });
});
