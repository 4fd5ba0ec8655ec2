import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Practitioner } from "fhir/r4.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { DemoFile } from "../../src/phantom/demo-study.js";
import type { EventRecorder } from "../stack/event-recorder.js";
import { readNested } from "../stack/nested-tags.js";
import { People } from "../stack/people.js";
import { ReviewedResults } from "../stack/reviewed-results.js";
import { RunningStack } from "../stack/running-stack.js";
import { dciodvfy } from "../validators/dciodvfy.js";

let stack: RunningStack;
let events: EventRecorder;
let results: ReviewedResults;
let people: People;
let kim: string;
let lee: string;

beforeAll(async () => {
  stack = await RunningStack.start({
    sidecarProcesses: [["api", "transcoding", "delivery"], ["inference"]],
    settings: { NEURONOVA_STABLE_AFTER_SECONDS: "0.5", NEURONOVA_ORGANISATION: "Example Hospital" },
  });
  events = await stack.events();
  results = new ReviewedResults(stack, events);
  people = new People(stack);
  kim = await people.token("kim", "radiologist", { displayName: "김민지" });
  lee = await people.token("lee", "doctor", { displayName: "Lee Jun" });
});

afterAll(async () => {
  events.close();
  await stack.stop();
});

/** How far the list says that the results of a study have been reviewed. */
async function inStudyList(studyInstanceUid: string): Promise<unknown> {
  const { studies } = await stack.json<{ studies: { studyInstanceUid: string; review: unknown }[] }>(
    "/api/studies?limit=200",
  );
  return studies.find((study) => study.studyInstanceUid === studyInstanceUid)?.review;
}

describe("accepted by a radiologist", () => {
  let files: readonly DemoFile[];
  let study: string;
  let id: number;
  let seen: string;

  test("a result is one SR verified by that person, beside the SEG it had", async () => {
    ({ files, study, id } = await results.analysed(101, { slices: 20 }));
    const [seg, unverified] = await results.stored(study);
    seen = unverified?.sopInstanceUid ?? "";
    expect((await results.result(id)).review).toBeNull();
    const answer = await results.decided(id, study, { decision: "accepted", comment: "소견 일치" }, kim);
    expect(answer).toMatchObject({
      decision: "accepted",
      reason: null,
      comment: "소견 일치",
      reviewer: { username: "kim", displayName: "김민지", organisation: "Example Hospital" },
      reportSopInstanceUid: seen,
    });
    const [kept, verified, ...others] = await results.stored(study);
    expect(others).toEqual([]);
    expect(kept?.sopInstanceUid).toBe(seg?.sopInstanceUid);
    const tags = verified?.tags ?? {};
    expect(verified?.sopInstanceUid).toBe(answer["verifiedSopInstanceUid"]);
    expect(tags).toMatchObject({ Modality: "SR", VerificationFlag: "VERIFIED", CompletionFlag: "COMPLETE" });
    expect(readNested(tags, "VerifyingObserverSequence", "VerifyingObserverName")).toBe("김민지^");
    expect(readNested(tags, "VerifyingObserverSequence", "VerifyingOrganization")).toBe("Example Hospital");
    expect(
      readNested(
        tags,
        "PredecessorDocumentsSequence",
        "ReferencedSeriesSequence",
        "ReferencedSOPSequence",
        "ReferencedSOPInstanceUID",
      ),
    ).toBe(seen);
    const directory = await mkdtemp(join(tmpdir(), "neuronova-review-"));
    const path = join(directory, "verified.dcm");
    await writeFile(path, await results.file(verified?.id ?? ""));
    expect(dciodvfy(path).errors).toEqual([]);
    await rm(directory, { recursive: true });
  });

  test("is final in FHIR, answered for by that person", async () => {
    const { report, observations } = await results.inFhir(id, "final");
    const [practitioner] = await stack.fhir<Practitioner>("Practitioner?name=김민지");
    const reference = { reference: `Practitioner/${practitioner?.id ?? ""}` };
    const { verifiedSopInstanceUid } = (await results.result(id)).review ?? {};
    expect(report).toMatchObject({ resultsInterpreter: [reference], performer: [reference] });
    expect(report.conclusion).toContain("Accepted on review.");
    expect(report.identifier).toContainEqual({
      system: "urn:dicom:uid",
      value: `urn:oid:${verifiedSopInstanceUid ?? ""}`,
    });
    expect(observations.length).toBeGreaterThan(0);
    for (const observation of observations) expect(observation.performer).toEqual([reference]);
  });

  test("shows who accepted it when, and that it is verified", async () => {
    const details = await stack.json<{ results: Record<string, unknown>[] }>(`/api/studies/${study}`);
    expect(details.results[0]).toMatchObject({
      verification: "VERIFIED",
      review: { decision: "accepted", state: "applied", reviewer: { displayName: "김민지" } },
    });
    expect(await inStudyList(study)).toEqual({ state: "reviewed", decisions: ["accepted"] });
  });

  test("decided the same by the same person again it is the same answer; by another it is a conflict that says who", async () => {
    const { reportSopInstanceUid, review } = await results.result(id);
    for (const uid of [seen, reportSopInstanceUid]) {
      const again = await results.review(id, { decision: "accepted", reportSopInstanceUid: uid }, kim);
      expect([again.status, again.headers.get("Idempotency-Replayed")]).toEqual([200, "true"]);
      expect(again.body).toMatchObject({ decidedAt: review?.decidedAt, decision: "accepted" });
      const other = await results.review(id, { decision: "accepted", reportSopInstanceUid: uid }, lee);
      expect(other.status).toBe(409);
      expect(other.body).toMatchObject({
        code: "already-reviewed",
        review: { decision: "accepted", reviewer: "김민지", decidedAt: review?.decidedAt },
      });
    }
    const against = { decision: "rejected", reason: "quality", reportSopInstanceUid: seen };
    expect((await results.review(id, against, kim)).status).toBe(409);
    expect(await results.stored(study)).toHaveLength(2);
  });

  test("is unreviewed again when an image comes late: another result, preliminary, with the review in its history", async () => {
    await stack.storeOverDicom(files.slice(20));
    await results.nextResult(study, 2);
    const shown = await results.result(id);
    expect(shown.review).toBeNull();
    expect(await inStudyList(study)).toEqual({ state: "unreviewed", decisions: [] });
    expect(shown.history).toMatchObject([{ decision: "accepted", reviewer: { username: "kim" } }]);
    const stored = await results.stored(study);
    expect(stored.map(({ modality }) => modality)).toEqual(["SEG", "SR"]);
    expect(stored[1]?.tags).toMatchObject({ VerificationFlag: "UNVERIFIED" });
    await results.inFhir(id, "preliminary");
    const outdated = await results.review(id, { decision: "accepted", reportSopInstanceUid: "2.25.1" }, kim);
    expect(outdated.status).toBe(409);
    expect(outdated.body).toMatchObject({
      code: "result-superseded",
      reportSopInstanceUid: shown.reportSopInstanceUid,
    });
  });

  test("accepted again it amends what had been final", async () => {
    const { reportSopInstanceUid } = await results.result(id);
    await results.review(id, { decision: "accepted", reportSopInstanceUid }, lee);
    await results.applied(study, 2);
    const { report } = await results.inFhir(id, "amended");
    expect(report.conclusion).toContain("Accepted on review.");
  });
});

describe("rejected with a reason", () => {
  let study: string;
  let id: number;

  test("a result is gone from Orthanc but for a document that says what it was and why it is not", async () => {
    ({ study, id } = await results.analysed(102));
    const [seg, sr] = await results.stored(study);
    await results.decided(
      id,
      study,
      { decision: "rejected", reason: "false-positive", comment: "혈관" },
      kim,
    );
    const [document, ...others] = await results.stored(study);
    expect(others).toEqual([]);
    const tags = document?.tags ?? {};
    expect(tags).toMatchObject({
      Modality: "KO",
      PatientID: "REVIEW-102",
      SOPClassUID: "1.2.840.10008.5.1.4.1.1.88.59",
    });
    expect(readNested(tags, "ConceptNameCodeSequence", "CodeValue")).toBe("113001");
    const items = tags["ContentSequence"] as Record<string, unknown>[];
    expect(readNested(items[0] ?? {}, "ConceptCodeSequence", "CodeValue")).toBe("FALSEPOSITIVE");
    expect(items.find(({ ValueType }) => ValueType === "PNAME")).toMatchObject({ PersonName: "김민지^" });
    expect(items.find(({ ValueType }) => ValueType === "TEXT")).toBeDefined();
    expect(
      items.flatMap((item) => readNested(item, "ReferencedSOPSequence", "ReferencedSOPInstanceUID") ?? []),
    ).toEqual([seg?.sopInstanceUid, sr?.sopInstanceUid]);
  });

  test("is entered in error in FHIR, report and observations", async () => {
    await results.inFhir(id, "entered-in-error");
  });

  test("shows no SEG any more, and who rejected it why", async () => {
    const details = await stack.json<{ results: Record<string, unknown>[] }>(`/api/studies/${study}`);
    expect(details.results[0]).toMatchObject({
      review: { decision: "rejected", reason: "false-positive", comment: "혈관" },
      verification: "UNVERIFIED",
    });
    expect(details.results[0]).not.toHaveProperty("segmentation");
    expect(details.results[0]).not.toHaveProperty("report");
  });
});

describe("asked for by many", () => {
  test("two reviewers at once: one wins, the other is told who decided what; one SR, one event", async () => {
    const { study, id } = await results.analysed(103);
    const { reportSopInstanceUid } = await results.result(id);
    const accept = { decision: "accepted", reportSopInstanceUid };
    const reject = { decision: "rejected", reason: "quality", reportSopInstanceUid };
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        index % 2 === 0 ? results.review(id, accept, kim) : results.review(id, reject, lee),
      ),
    );
    const won = answers.filter(({ status }) => status === 200);
    const lost = answers.filter(({ status }) => status === 409);
    expect([won.length, lost.length]).toEqual([4, 4]);
    const [first] = won;
    for (const { body } of won) expect(body).toEqual({ ...first?.body, state: body["state"] });
    const { reviewer } = first?.body as { reviewer: { displayName: string } };
    for (const { body } of lost)
      expect(body).toMatchObject({
        code: "already-reviewed",
        review: { decision: first?.body["decision"], reviewer: reviewer.displayName },
      });
    await results.applied(study, 1);
    const decided = ["result.accepted", "result.rejected"].flatMap((event) => events.of(event, study));
    expect(decided).toHaveLength(1);
    const held = (await results.stored(study)).map(({ modality }) => modality);
    expect(held).toEqual(first?.body["decision"] === "accepted" ? ["SEG", "SR"] : ["KO"]);
  });

  test("an Idempotency-Key has one answer, and is of one request", async () => {
    const { id } = await results.analysed(104);
    const { reportSopInstanceUid } = await results.result(id);
    const key = { "Idempotency-Key": "review-of-104" };
    const accept = { decision: "accepted", reportSopInstanceUid };
    const once = await results.review(id, accept, kim, key);
    const again = await results.review(id, accept, kim, key);
    expect([once.status, again.status, again.body["decidedAt"]]).toEqual([200, 200, once.body["decidedAt"]]);
    const other = await results.review(id, { ...accept, comment: "Another." }, kim, key);
    expect([other.status, other.body["code"]]).toEqual([422, "idempotency-key-reused"]);
  });

  test("who may not review, or does not reach the study, or is no person, decides nothing", async () => {
    const { id, study } = await results.analysed(105);
    const { reportSopInstanceUid } = await results.result(id);
    const accept = { decision: "accepted", reportSopInstanceUid };
    const nurse = await people.token("nurse-n", "nurse", {});
    const elsewhere = await people.token("doctor-e", "doctor", { labels: ["elsewhere"] });
    expect((await results.review(id, accept, nurse)).status).toBe(403);
    expect((await results.review(id, accept, elsewhere)).body).toMatchObject({ code: "no-such-result" });
    const key = await people.call<{ key: string }>(await stack.token(), "POST", "/api/api-keys", {
      name: "robot",
      permissions: ["view", "review"],
      labels: ["*"],
      validForDays: 1,
    });
    expect(key.status).toBe(201);
    const robot = await results.review(id, accept, key.body.key);
    expect([robot.status, robot.body["code"]]).toEqual([403, "reviewer-not-a-person"]);
    expect((await results.result(id)).history).toEqual([]);
    const trail = await stack.json<{ entries: { outcome: string }[] }>(
      `/api/audit?study=${study}&action=result-review`,
    );
    expect(trail.entries.map(({ outcome }) => outcome)).not.toContain("granted");
  });

  test("a decision stands in the audit trail with the study and who made it", async () => {
    const { id, study } = await results.analysed(106);
    await results.decided(id, study, { decision: "accepted" }, lee);
    const trail = await stack.json<{ entries: Record<string, unknown>[] }>(
      `/api/audit?study=${study}&action=result-review`,
    );
    expect(trail.entries).toMatchObject([
      { outcome: "granted", target: `analysis:${id}:accepted`, displayName: "Lee Jun" },
    ]);
  });
});

describe("with processes that are killed", () => {
  test.each(["accepted", "rejected"])("between decision and carrying out: %s ends once", async (decision) => {
    const { id, study } = await results.analysed(decision === "accepted" ? 107 : 108);
    const { reportSopInstanceUid } = await results.result(id);
    const body = {
      decision,
      reportSopInstanceUid,
      ...(decision === "rejected" ? { reason: "quality" } : {}),
    };
    const inference = stack.local.processes["sidecar-inference"];
    await inference?.stop();
    const answer = await results.review(id, body, kim);
    expect(answer.body).toMatchObject({ state: "pending" });
    // Whoever decided dies at once, and the queue forgets the job.
    stack.local.processes["sidecar-api"]?.kill("SIGKILL");
    stack.local.processes["redis"]?.kill("SIGKILL");
    expect(await results.stored(study)).toHaveLength(2);
    await inference?.start();
    await results.applied(study, 1);
    const held = (await results.stored(study)).map(({ modality }) => modality);
    expect(held).toEqual(decision === "accepted" ? ["SEG", "SR"] : ["KO"]);
    await results.inFhir(id, decision === "accepted" ? "final" : "entered-in-error");
    expect(events.of("result.review-applied", study)).toHaveLength(1);
  });

  test("while decisions are carried out: each ends once", async () => {
    const studies = [];
    for (const seed of [111, 112, 113, 114]) studies.push(await results.analysed(seed));
    const inference = stack.local.processes["sidecar-inference"];
    for (const { id } of studies) {
      const { reportSopInstanceUid } = await results.result(id);
      await results.review(id, { decision: "accepted", reportSopInstanceUid }, kim);
      inference?.kill("SIGKILL");
    }
    for (const { id, study } of studies) {
      await results.applied(study, 1);
      const [seg, sr, ...others] = await results.stored(study);
      expect([seg?.modality, sr?.modality, others]).toEqual(["SEG", "SR", []]);
      expect(sr?.tags).toMatchObject({ VerificationFlag: "VERIFIED" });
      expect((await results.result(id)).history).toHaveLength(1);
    }
  });
});

test("statistics say how often people agreed with each version, in the API and in metrics", async () => {
  const { models } = await stack.json<{
    models: {
      model: string;
      version: string;
      reviewed: number;
      decisions: Record<string, { count: number; share: number }>;
    }[];
  }>("/api/ai/statistics");
  const [tumours] = models.filter(({ model }) => model === "tumor_detection");
  const { accepted, rejected, edited } = tumours?.decisions ?? {};
  expect(tumours?.reviewed).toBeGreaterThanOrEqual(10);
  expect((accepted?.count ?? 0) + (rejected?.count ?? 0) + (edited?.count ?? 0)).toBe(tumours?.reviewed);
  expect((accepted?.share ?? 0) + (rejected?.share ?? 0) + (edited?.share ?? 0)).toBeCloseTo(1, 9);
  const metrics = await fetch(`http://127.0.0.1:${stack.local.ports.sidecar[0] ?? 0}/metrics`);
  expect(await metrics.text()).toContain(
    `neuronova_ai_reviews{model="tumor_detection",version="${tumours?.version ?? ""}",decision="accepted"} ${accepted?.count ?? 0}`,
  );
  const doctor = await people.call(lee, "GET", "/api/ai/statistics");
  expect(doctor.status).toBe(200);
});
